import type { CheckTarget } from "../sagemaker/checkTarget.ts";
import type { Endpoint } from "./schema.ts";
import { sharingVariants } from "./wholeVariants.ts";

/**
 * The target of the check of a model: its image, its environment, and the variants that serve it.
 *
 * @param endpoint the settings that the model is served with
 * @param places the variants that serve it. Default: those that share the endpoint's model
 * @param region the region. Default: unknown
 */
export function servingTarget(
  endpoint: Endpoint,
  places: readonly Endpoint[] = sharingVariants(endpoint).map(({ values }) => values),
  region?: string,
): CheckTarget {
  const { imageTag, imageUri, upstreamImage, imageArchitecture } = endpoint;
  const { defaultModelName, modelServer, environment = {}, monitoring } = endpoint;
  return {
    image: { imageTag, imageUri, upstreamImage, imageArchitecture },
    server: {
      ...{ defaultModelName, modelServer, environment },
      ...(monitoring?.serverMetrics && { serverMetrics: monitoring.serverMetrics }),
    },
    places: places.map(({ instanceType, volumeSizeInGb, serverless }) => ({
      instanceType,
      volumeSizeInGb,
      serverless,
    })),
    ...(monitoring && { latencyBoundInMilliseconds: monitoring.alarms.modelLatencyP99InMilliseconds }),
    region,
  };
}
