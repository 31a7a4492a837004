import { publishedReleases } from "./publishedImages.ts";
import { variableName } from "./serverEnvironment.ts";

/**
 * The first release whose start script passes a variable to Triton; earlier ones ignore it. Every image on AWS's lists
 * knows the variables that are not named here.
 * Source: docker/sagemaker/serve by release branch in https://github.com/triton-inference-server/server, for example
 * https://github.com/triton-inference-server/server/compare/r23.06...r23.07
 */
const variablesSince: Readonly<Record<string, string | undefined>> = {
  SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "22.05",
  SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: "22.05",
  SAGEMAKER_TRITON_TENSORFLOW_VERSION: "22.09",
  SAGEMAKER_TRITON_MODEL_LOAD_GPU_LIMIT: "22.12",
  SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING: "23.04",
  SAGEMAKER_TRITON_ADDITIONAL_ARGS: "23.07",
  SAGEMAKER_TRITON_ALLOW_GRPC: "23.07",
  SAGEMAKER_TRITON_GRPC_PORT: "23.07",
  SAGEMAKER_TRITON_ALLOW_METRICS: "23.07",
  SAGEMAKER_TRITON_METRICS_PORT: "23.07",
  SAGEMAKER_TRITON_OVERRIDE_PING_MODE: "23.07",
  SAGEMAKER_TRITON_PING_MODE: "23.07",
  SAGEMAKER_TRITON_INFERENCE_TYPE: "25.03",
};

/**
 * Why a release ignores an option of modelServer, if so.
 *
 * @param option the option's name
 * @param imageTag a release's tag, for example `26.05-py3`
 * @returns what must hold, to be read after the option and its value
 */
export function optionReleaseProblem(option: string, imageTag: string): string | undefined {
  return variableReleaseProblem(
    option === "loadModels" ? "SAGEMAKER_TRITON_ADDITIONAL_ARGS" : variableName(option),
    imageTag,
  );
}

/**
 * Why a release ignores a variable of the container's environment, if so.
 *
 * @param variable the variable's name
 * @param imageTag a release's tag
 * @returns what must hold, to be read after the variable
 */
export function variableReleaseProblem(variable: string, imageTag: string): string | undefined {
  const since = Object.hasOwn(variablesSince, variable) ? variablesSince[variable] : undefined;
  if (since === undefined || imageTag.slice(0, 5) >= since) return undefined;
  const published = publishedReleases.find((release) => release >= since) ?? since;
  return `can't be used with ${imageTag}, because Triton's images before ${since} ignore it: use ${published}-py3 or newer as imageTag`;
}
