import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import type { instanceFields } from "../endpoint/variant.ts";
import type { AutoscalingOptions } from "../endpoint/autoscaling.ts";
import type { ServerlessOptions } from "../endpoint/serverless.ts";
import type { ModelArtifact } from "./modelArtifact.ts";

/**
 * A variant's compute: instances or serverless.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export interface ProductionVariant extends z.input<z.ZodObject<typeof instanceFields>> {
  /** Serves without instances, instead of `instanceType`. Default: with instances. */
  readonly serverlessConfig?: ServerlessOptions;
  /** An existing Model in SageMaker, for example an earlier release's, instead of a new one. */
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
  /** How its instance count follows the load. Default: the endpoint's autoscaling. */
  readonly autoscaling?: AutoscalingOptions;
}

/** The variant that gets copies of requests; its answers are discarded. */
export interface ShadowVariant extends Omit<NamedVariant, "initialVariantWeight" | "autoscaling"> {
  /** The percentage of the traffic to copy, from 0 to 100. */
  readonly samplingPercentage: number;
}

/**
 * The name of an endpoint's one variant. It never changes: SageMaker only rolls a release back if the variant names are
 * the same.
 */
export const variantName = "AllTraffic";

/**
 * The weight that makes SageMaker copy that percentage of the traffic: a shadow's weight is relative to the production
 * variant's.
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
 * A variant as the endpoint configuration takes it. Settings that aren't given are left to SageMaker, so that no later
 * default of ours changes a release.
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
    enableSsmAccess: variant.enableSsmAccess ? true : undefined,
  };
}
