import * as pulumi from "@pulumi/pulumi";
import { firstInstanceCount } from "../endpoint/autoscaling.ts";
import type { MonitoredVariant } from "../sagemaker/variantAlarms.ts";
import type { ModelServerArgs, ServedVariant } from "./modelServer.ts";
import type { ModelStorage } from "./modelStorage.ts";
import type { ResolvedArguments } from "./endpointArguments.ts";
import { shadowWeight, type NamedVariant } from "./productionVariant.ts";

/**
 * The variants with the containers that serve them. A variant has a container of its own where its model or its
 * environment is its own.
 *
 * @param args what the endpoint is made from
 * @param storage where the models are
 * @param imageUri the image of every container
 */
export function servedVariants(
  args: ResolvedArguments,
  storage: ModelStorage,
  imageUri: pulumi.Output<string>,
): Pick<ModelServerArgs, "container" | "variants" | "shadow"> {
  const { modelData, variantModelData } = storage;
  const { environment, shadow, variants } = args;
  const served = ({ model, environment: its, ...variant }: NamedVariant): ServedVariant => {
    const itsData = variantModelData[variant.variantName] ?? modelData;
    if ((!model && its === undefined) || !itsData) return variant;
    return { ...variant, container: { imageUri, modelData: itsData, environment: its ?? environment } };
  };
  return {
    container: modelData && { imageUri, modelData, environment },
    variants: variants.map((variant) => ({
      ...served(variant),
      initialInstanceCount: firstInstanceCount(variant.initialInstanceCount, variant.autoscaling ?? args.autoscaling),
    })),
    shadow: shadow && { ...served(shadow), initialVariantWeight: shadowWeight(shadow, variants) },
  };
}

/**
 * The variants as alarms and dashboard see them. One without weight, or that is scaled to nothing, may be silent.
 *
 * @param args what the endpoint is made from
 */
export function monitoredVariants(args: ResolvedArguments): MonitoredVariant[] {
  return args.variants.map((variant) => ({
    variantName: variant.variantName,
    instanceType: variant.instanceType,
    silent: variant.initialVariantWeight === 0 || (variant.autoscaling ?? args.autoscaling)?.minCapacity === 0,
  }));
}

/**
 * Where the first variant's model lies; empty where it serves a Model that was there already.
 *
 * @param args what the endpoint is made from
 * @param storage where the models are
 */
export function firstModelDataUrl(args: ResolvedArguments, storage: ModelStorage): pulumi.Output<string> {
  const [first] = args.variants;
  if (!first || first.modelName !== undefined) return pulumi.output("");
  return (storage.variantModelData[first.variantName] ?? storage.modelData)?.url ?? pulumi.output("");
}
