import { instanceAccelerator, instanceGpus } from "./instanceTypes.ts";

/**
 * Whether an instance keeps the models that were asked for.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MultiModelConfig.html
 */
export const modelCacheSettings = ["Enabled", "Disabled"] as const;

/** `Enabled` keeps them in memory and on the volume as long as there is room, `Disabled` only for one request. */
export type ModelCacheSetting = (typeof modelCacheSettings)[number];

/** The folder of the models' archives in the bucket. It stays the same for good: archives come and go in it. */
export const multiModelFolder = "multi-model/";

/** What a client may ask for: the part of the key behind the prefix, so no folder and nothing that a URL escapes. */
export const targetModelPattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}$/;

/**
 * What every multi-model container's environment needs. One model that does not load makes Triton's `/ping` fail where it
 * stands for all models being ready, and SageMaker then takes the instance for unhealthy, with every other model on it. The
 * container's start asks for `live` in this case but does not pass it on, unless the environment has the variable already.
 * Source: https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 */
export const multiModelEnvironment: Readonly<Record<string, string>> = { SAGEMAKER_TRITON_PING_MODE: "live" };

/**
 * Why SageMaker does not serve many models on this instance type, if so: of those with GPUs it lists four families, in the
 * sizes that have one GPU.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html
 *
 * @param instanceType the instance type
 */
export function multiModelInstanceTypeProblem(instanceType: string): string | undefined {
  if (instanceAccelerator(instanceType) !== "gpu") return undefined;
  const offered = /^ml\.(p2|p3|g4dn|g5)\./.test(instanceType) && instanceGpus(instanceType)?.count === 1;
  return offered
    ? undefined
    : "can't be used with multiModel: of the GPU types SageMaker offers p2, p3, g4dn and g5 with one GPU, for example ml.g5.xlarge";
}
