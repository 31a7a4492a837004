import { publishedReleases } from "./publishedImages.ts";
import { variableName } from "./serverEnvironment.ts";
import { startVariables } from "./startVariables.ts";

/**
 * Why a release ignores an option of modelServer, if so.
 *
 * @param option the option's name
 * @param imageTag a release's tag, for example `26.05-py3`
 * @returns what must hold, to follow the option and its value
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
 * @returns what must hold, to follow the variable
 */
export function variableReleaseProblem(variable: string, imageTag: string): string | undefined {
  const since = Object.hasOwn(startVariables, variable) ? startVariables[variable]?.since : undefined;
  if (since === undefined || imageTag.slice(0, 5) >= since) return undefined;
  const published = publishedReleases.find((release) => release >= since) ?? since;
  return `can't be used with ${imageTag}, because Triton's images before ${since} ignore it: use ${published}-py3 or newer`;
}
