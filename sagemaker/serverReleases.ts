import { publishedReleases } from "../triton/releases/publishedReleases.ts";
import { variableName } from "./serverEnvironment.ts";
import { startVariables } from "./startVariables.ts";

/**
 * Why a release ignores an option of modelServer, if so.
 *
 * @param option the option's name
 * @param release `YY.MM`
 * @returns what must hold, to follow the option and its value
 */
export function optionReleaseProblem(option: string, release: string): string | undefined {
  return variableReleaseProblem(
    option === "loadModels" ? "SAGEMAKER_TRITON_ADDITIONAL_ARGS" : variableName(option),
    release,
  );
}

/**
 * Why a release ignores a variable of the container's environment, if so.
 *
 * @param variable the variable's name
 * @param release `YY.MM`
 * @returns what must hold, to follow the variable
 */
export function variableReleaseProblem(variable: string, release: string): string | undefined {
  const since = Object.hasOwn(startVariables, variable) ? startVariables[variable]?.since : undefined;
  if (since === undefined || release >= since) return undefined;
  const published = publishedReleases.find((other) => other >= since) ?? since;
  return `can't be used with ${release}-py3, because Triton's images before ${since} ignore it: use ${published}-py3 or newer`;
}
