import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./later.ts";
import type { ResolvedVariant } from "./resolvedEndpoint.ts";

/**
 * The weight that makes SageMaker copy that percentage of the traffic: a shadow's weight is relative to the production
 * variant's.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 *
 * @param samplingPercentage the percentage, from 0 to 100
 * @param variants the production variants: exactly one
 */
export function shadowWeight(
  samplingPercentage: pulumi.Input<number>,
  [production]: readonly Pick<ResolvedVariant, "initialVariantWeight">[],
): pulumi.Input<number> {
  return whenKnown(samplingPercentage, (percentage) => ((production?.initialVariantWeight ?? 0) * percentage) / 100);
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
  variant: Omit<ResolvedVariant, "initialVariantWeight"> & { readonly initialVariantWeight?: pulumi.Input<number> },
): Omit<aws.types.input.sagemaker.EndpointConfigurationProductionVariant, "coreDumpConfig"> {
  const { variantName, initialVariantWeight, serverless } = variant;
  const named = { variantName, modelName };
  if (serverless) return { ...named, initialVariantWeight, serverlessConfig: { ...serverless } };
  return {
    ...named,
    instanceType: variant.instanceType,
    initialInstanceCount: variant.initialInstanceCount,
    initialVariantWeight,
    containerStartupHealthCheckTimeoutInSeconds: variant.containerStartupHealthCheckTimeoutInSeconds,
    modelDataDownloadTimeoutInSeconds: variant.modelDataDownloadTimeoutInSeconds,
    volumeSizeInGb: variant.volumeSizeInGb,
    inferenceAmiVersion: variant.inferenceAmiVersion,
    routingConfigs: variant.routingStrategy && [{ routingStrategy: variant.routingStrategy }],
    capacityReservationConfig: variant.capacityReservation,
    enableSsmAccess: variant.enableSsmAccess ? true : undefined,
  };
}
