import * as pulumi from "@pulumi/pulumi";
import { firstInstanceCount } from "../endpoint/autoscaling.ts";
import type { MonitoredVariant } from "../sagemaker/variantAlarms.ts";
import type { ModelServerArgs, ServedVariant } from "./modelServer.ts";
import type { ModelStorage } from "./modelStorage.ts";
import { whenKnown } from "./later.ts";
import { shadowWeight } from "./productionVariant.ts";
import type { ResolvedEndpoint, ResolvedVariant } from "./resolvedEndpoint.ts";

/**
 * The variants with their containers. A variant has its own container if it has its own model or environment.
 *
 * @param args the endpoint's arguments
 * @param storage where the models are
 * @param imageUri the image of every container
 */
export function servedVariants(
  args: ResolvedEndpoint,
  storage: ModelStorage,
  imageUri: pulumi.Output<string>,
): Pick<ModelServerArgs, "container" | "variants" | "shadow"> {
  const { modelData, variantModelData } = storage;
  const { environment, shadow, variants } = args;
  const served = ({ model, environment: ownEnvironment, ...variant }: ResolvedVariant): ServedVariant => {
    const served = variantModelData[variant.variantName] ?? modelData;
    if ((!model && ownEnvironment === undefined) || !served) return variant;
    return { ...variant, container: { imageUri, modelData: served, environment: ownEnvironment ?? environment } };
  };
  return {
    container: modelData && { imageUri, modelData, environment },
    variants: variants.map((variant) => ({
      ...served(variant),
      initialInstanceCount: whenKnown(variant.initialInstanceCount, (count) =>
        firstInstanceCount(count, variant.autoscaling),
      ),
    })),
    shadow: shadow && {
      ...served(shadow),
      initialInstanceCount: whenKnown(shadow.initialInstanceCount, (count) => firstInstanceCount(count, undefined)),
      initialVariantWeight: shadowWeight(shadow.samplingPercentage, variants),
    },
  };
}

/**
 * The variants for alarms and the dashboard. A variant with weight 0, or scaled to zero, may have no traffic.
 *
 * @param args the endpoint's arguments
 */
export function monitoredVariants(args: ResolvedEndpoint): MonitoredVariant[] {
  const serverMetrics = args.monitoring?.serverMetrics;
  return args.variants.map((variant) => ({
    variantName: variant.variantName,
    instanceType: variant.instanceType,
    silent: variant.initialVariantWeight === 0 || variant.autoscaling?.minCapacity === 0,
    ...(serverMetrics && { serverMetrics }),
  }));
}

/**
 * Where the first variant's model lies; empty if it serves a Model that was there already.
 *
 * @param args the endpoint's arguments
 * @param storage where the models are
 */
export function firstModelDataUrl(args: ResolvedEndpoint, storage: ModelStorage): pulumi.Output<string> {
  const [first] = args.variants;
  if (!first || first.modelName !== undefined) return pulumi.output("");
  return (storage.variantModelData[first.variantName] ?? storage.modelData)?.url ?? pulumi.output("");
}
