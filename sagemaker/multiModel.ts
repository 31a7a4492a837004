import { instanceAccelerator, instanceGpus } from "./instanceTypes.ts";
import type { ModelServerOptions } from "./serverEnvironment.ts";

/**
 * Whether an instance keeps the models that were asked for.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MultiModelConfig.html
 */
export const modelCacheSettings = ["Enabled", "Disabled"] as const;

/** `Enabled` keeps them in memory and on the volume as long as there is room, `Disabled` only for one request. */
export type ModelCacheSetting = (typeof modelCacheSettings)[number];

/** Many models behind one endpoint. */
export interface MultiModelOptions {
  /** A folder of model repositories: each folder in it is one model's. */
  readonly modelRepositories: string;
  /** Whether an instance keeps models that were asked for. Default: SageMaker's, `Enabled`. */
  readonly modelCacheSetting?: ModelCacheSetting;
}

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

/** What of a variant is judged where it serves many models. */
export interface MultiModelVariant {
  /** The model that answers requests. */
  readonly defaultModelName?: string;
  /** Triton itself. */
  readonly modelServer?: ModelServerOptions;
  /** The container's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The instance type. */
  readonly instanceType?: string;
}

/** What is wrong with it. */
export interface MultiModelProblem {
  /** The setting to change. */
  readonly key: keyof MultiModelVariant;
  /** What is wrong and what is allowed, to be read after the setting's value. */
  readonly message: string;
}

/**
 * Everything in a variant that SageMaker or Triton does not do with many models.
 *
 * @param variant the variant
 * @returns the problems; empty where there is none
 */
export function multiModelProblems(variant: MultiModelVariant): MultiModelProblem[] {
  const { defaultModelName, modelServer, environment = {}, instanceType } = variant;
  const problem = (key: MultiModelProblem["key"], message: string | undefined) =>
    message === undefined ? [] : [{ key, message }];
  return [
    ...problem("defaultModelName", defaultModelName === undefined ? undefined : noDefault),
    ...problem("modelServer", modelServer?.loadModels?.length ? `has loadModels, which ${notAtStart}` : undefined),
    ...problem(
      "modelServer",
      (modelServer?.inferenceType ?? "infer") === "infer" ? undefined : `has inferenceType, which ${inferOnly}`,
    ),
    ...Object.entries(variables).flatMap(([name, reason]) =>
      problem("environment", name in environment ? `has ${name}, which ${reason}: leave it out` : undefined),
    ),
    ...problem(
      "environment",
      /--load-model\b/.test(environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS ?? "")
        ? `has --load-model in SAGEMAKER_TRITON_ADDITIONAL_ARGS, which ${notAtStart}`
        : undefined,
    ),
    ...problem("instanceType", instanceType === undefined ? undefined : multiModelInstanceTypeProblem(instanceType)),
  ];
}

const noDefault = "is not allowed with multiModel: each request names its model as TargetModel; leave it out";
const notAtStart = "is not allowed with multiModel: at the start there is no model to load; leave it out";
const inferOnly = "is not allowed with multiModel: Triton offers infer only; leave it out";

const variables: Readonly<Record<string, string>> = {
  SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "means nothing to many models",
  SAGEMAKER_TRITON_INFERENCE_TYPE: "means nothing to many models",
  SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING: "would let models of one name in two archives exclude each other",
  SAGEMAKER_MULTI_MODEL: "SageMaker itself sets",
};

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
    : "is not allowed with multiModel: of GPU types SageMaker offers p2, p3, g4dn and g5 with one GPU, for example ml.g5.xlarge";
}
