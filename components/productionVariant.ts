import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import type { instanceFields } from "../endpoint/variant.ts";
import type { AutoscalingOptions } from "../endpoint/autoscaling.ts";
import type { ServerlessOptions } from "../endpoint/serverless.ts";
import type { ModelArtifact } from "./modelArtifact.ts";

/**
 * What a variant computes with: instances, or a serverless function.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export interface ProductionVariant extends z.input<z.ZodObject<typeof instanceFields>> {
  /** Serves without instances, in place of `instanceType`. Default: with instances. */
  readonly serverlessConfig?: ServerlessOptions;
  /** A Model that is in SageMaker already, for example an earlier release's, in place of one that is made. */
  readonly modelName?: pulumi.Input<string>;
}

/** One of several variants of an endpoint. */
export interface NamedVariant extends ProductionVariant {
  /** Its name, unique in the endpoint: 1 to 63 letters and digits, with hyphens between them. */
  readonly variantName: string;
  /** Its model: what `loadModel` returns. Default: the endpoint's. */
  readonly model?: ModelArtifact;
  /** Its container's environment. Default: the endpoint's. */
  readonly environment?: pulumi.Input<Readonly<Record<string, string>>>;
  /** How its instance count follows the load. Default: as the endpoint says. */
  readonly autoscaling?: AutoscalingOptions;
}

/** The variant that gets copies of requests; nobody gets its answers. */
export interface ShadowVariant extends Omit<NamedVariant, "initialVariantWeight" | "autoscaling"> {
  /** How much of the traffic is copied, in percent, from 0 to 100. */
  readonly samplingPercentage: number;
}

/** The name of an endpoint's one variant. It stays the same for good: SageMaker takes a release back only between equal names. */
export const variantName = "AllTraffic";

/**
 * The weight that makes SageMaker copy so much of the traffic: the shadow's weight is a part of the production variant's.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 *
 * @param shadow the shadow variant
 * @param variants the production variants: exactly one
 */
export function shadowWeight(
  { samplingPercentage }: ShadowVariant,
  [production]: readonly Pick<NamedVariant, "initialVariantWeight">[],
): number {
  return ((production?.initialVariantWeight ?? 1) * samplingPercentage) / 100;
}

/**
 * A variant as the endpoint configuration has it. What is not given is left to SageMaker, so that no later default of ours
 * changes a release.
 *
 * @param modelName the name of its Model
 * @param variant the variant
 */
export function variantInputs(
  modelName: pulumi.Input<string>,
  variant: NamedVariant,
): Omit<aws.types.input.sagemaker.EndpointConfigurationProductionVariant, "coreDumpConfig"> {
  const named = { variantName: variant.variantName, modelName };
  const initialVariantWeight = variant.initialVariantWeight ?? 1;
  if (variant.serverlessConfig) {
    return { ...named, initialVariantWeight, serverlessConfig: { ...variant.serverlessConfig } };
  }
  return {
    ...named,
    instanceType: variant.instanceType,
    initialInstanceCount: variant.initialInstanceCount ?? 1,
    initialVariantWeight,
    containerStartupHealthCheckTimeoutInSeconds: variant.containerStartupHealthCheckTimeoutInSeconds ?? 300,
    modelDataDownloadTimeoutInSeconds: variant.modelDataDownloadTimeoutInSeconds,
    volumeSizeInGb: variant.volumeSizeInGb,
    inferenceAmiVersion: variant.inferenceAmiVersion,
    routingConfigs: variant.routingStrategy && [{ routingStrategy: variant.routingStrategy }],
    capacityReservationConfig: variant.capacityReservation,
    managedInstanceScaling: variant.managedInstanceScaling && { status: "ENABLED", ...variant.managedInstanceScaling },
    enableSsmAccess: variant.enableSsmAccess ? true : undefined,
  };
}
