import { instanceAccelerator, instanceGpus } from "./instanceTypes.ts";

/**
 * The values for keeping models loaded after a request.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MultiModelConfig.html
 */
export const modelCacheSettings = ["Enabled", "Disabled"] as const;

/** `Enabled` keeps them in memory and on the volume while there is room, `Disabled` only for one request. */
export type ModelCacheSetting = (typeof modelCacheSettings)[number];

/** The prefix of the models' archives in the bucket. It never changes, while archives are added and removed. */
export const multiModelFolder = "multi-model/";

/**
 * The name that clients request: the key after the prefix, without folders or characters that need escaping in a URL.
 */
export const targetModelPattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}$/;

/**
 * The environment that every multi-model container needs. If `/ping` means that all models are ready, one model that
 * does not load makes it fail, and SageMaker then considers the instance unhealthy, with every other model on it. The
 * container's start script sets `live` in this case but doesn't export it unless the environment already has the
 * variable.
 * Source: https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 */
export const multiModelEnvironment: Readonly<Record<string, string>> = { SAGEMAKER_TRITON_PING_MODE: "live" };

/**
 * Why SageMaker does not serve many models on this instance type, if so: it lists four GPU families, in the sizes that
 * have one GPU.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html
 */
export function multiModelInstanceTypeProblem(instanceType: string): string | undefined {
  if (instanceAccelerator(instanceType) !== "gpu") return undefined;
  const offered = /^ml\.(p2|p3|g4dn|g5)\./.test(instanceType) && instanceGpus(instanceType)?.count === 1;
  return offered
    ? undefined
    : "can't be used with multiModel, for which SageMaker offers only the GPU types p2, p3, g4dn and g5 with one GPU: use for example ml.g5.xlarge";
}
