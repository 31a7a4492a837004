import { checkModelRepository, type CheckOptions } from "./modelRepository.ts";
import type { Problem } from "./problem.ts";
import { problemCodes, type ProblemCode } from "./problemCodes.ts";
import type { RepositoryContents } from "./repositoryContents.ts";
import { readServedModels, type ServedModel } from "./servedModel.ts";

/**
 * Checks a repository that is one of many behind a multi-model endpoint. There Triton loads one model of it, under the name
 * of the archive: the only one or, of several, the ensemble, which it finds by a text in its configuration. It loads the
 * ensemble's steps too, each archive's for itself, and nothing else: no other model can be asked for.
 * Source: https://github.com/triton-inference-server/server/blob/main/src/sagemaker_server.cc (SageMakerMMELoadModel)
 *
 * @param contents the repository
 * @param options what the check has to know of the server
 * @returns everything found wrong, errors and warnings
 */
export function checkTargetModel(
  contents: RepositoryContents,
  options: Omit<CheckOptions, "defaultModelName" | "inferenceType"> = {},
): readonly Problem[] {
  const models = readServedModels(contents);
  const target = targetModel(models, contents);
  const problems = checkModelRepository(contents, {
    ...options,
    defaultModelName: target?.name,
    // Nothing is loaded at the start; all else that it passes on counts here, too.
    additionalArgs: options.additionalArgs?.replace(/--load-model[= ]\S+/g, ""),
    inferenceType: undefined,
  })
    .filter(({ code }) => !ofTheStart.includes(code))
    .map(asLoadedAlone);
  if (target) return [...problems, ...decoupledProblems(target)];
  // Which model it would be is open: what else is wrong is told by the rules of a single repository.
  return models.length === 0 || problems.some(({ code }) => code === "repository-too-deep" || code === "config-at-root")
    ? problems
    : [ambiguous(models, contents), ...problems];
}

/**
 * The model of a repository that answers behind a multi-model endpoint.
 *
 * @param contents the repository
 * @returns its name; `undefined` where Triton would load any one of several
 */
export function targetModelOf(contents: RepositoryContents): string | undefined {
  return targetModel(readServedModels(contents), contents)?.name;
}

function targetModel(models: readonly ServedModel[], contents: RepositoryContents): ServedModel | undefined {
  const candidates = models.length > 1 ? models.filter((model) => isFoundAsEnsemble(model, contents)) : models;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Triton's SageMaker front end looks for this text, comments included; it does not read the configuration there. */
function isFoundAsEnsemble({ configPath = "" }: ServedModel, { texts }: RepositoryContents): boolean {
  return /platform:\s*"ensemble"/.test(texts.get(configPath) ?? "");
}

/** What only matters to the start of a single model, which names the model in a shell. */
const ofTheStart: readonly ProblemCode[] = ["default-model-ambiguous", "model-name-space"];

function ambiguous(models: readonly ServedModel[], contents: RepositoryContents): Problem {
  const found = models.filter((model) => isFoundAsEnsemble(model, contents)).map(({ name }) => name);
  const names = models.map(({ name }) => name).join(", ");
  return problem("target-model-ambiguous", ".", {
    message:
      found.length === 0
        ? `There are several models (${names}) and no ensemble among them: Triton would load any one.`
        : `There are several configurations with the text platform: "ensemble" (${found.join(", ")}): Triton would load any one.`,
    remedy:
      'Make each model a repository of its own, or give one ensemble the line platform: "ensemble" and the others none.',
  });
}

function decoupledProblems({ config, configPath = "." }: ServedModel): Problem[] {
  if (!config?.model_transaction_policy?.decoupled) return [];
  return [
    problem("target-model-decoupled", configPath, {
      message: "The model is decoupled, and Triton refuses every request for one behind a multi-model endpoint.",
      remedy: "Answer each request once, and leave model_transaction_policy out.",
    }),
  ];
}

/** What would be mended at the start of a single model: here the start loads nothing. */
function asLoadedAlone(found: Problem): Problem {
  if (found.code === "bls-model-not-loaded") {
    return {
      ...found,
      severity: "error",
      remedy: "Triton loads the ensemble and its steps only: call the model from an ensemble.",
    };
  }
  if (found.code === "model-not-loaded") {
    return {
      ...found,
      message: "Triton does not load this model: it is no step of the ensemble.",
      remedy: "Take the folder out, or make it a repository of its own.",
    };
  }
  return found;
}

function problem(code: ProblemCode, path: string, told: { message: string; remedy: string }): Problem {
  return { code, severity: problemCodes[code], path, ...told };
}
