import { checkModelRepository, type CheckOptions } from "./modelRepository.ts";
import type { Problem } from "./problem.ts";
import { problemCodes, type ProblemCode } from "./problemCodes.ts";
import type { RepositoryContents } from "./repositoryContents.ts";
import { readServedModels, type ServedModel } from "./servedModel.ts";
import { isDecoupled } from "../stepGraph.ts";

/**
 * Checks a repository of a multi-model endpoint. There Triton loads one model of it, under the name of the archive: the
 * only one or, if there are several, the ensemble, which it finds by a text in its configuration. It also loads the
 * ensemble's steps, separately for each archive, and nothing else: no other model can be requested.
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
  problems.push(...models.flatMap(singleModelPaths));
  if (target) return [...problems, ...decoupledProblems(target)];
  // We don't know which model it would be, so other problems are reported by the rules for a single repository.
  return models.length === 0 || problems.some(({ code }) => code === "repository-too-deep" || code === "config-at-root")
    ? problems
    : [ambiguous(models, contents), ...problems];
}

/**
 * Finds the model of a repository that answers behind a multi-model endpoint.
 *
 * @param contents the repository
 * @returns its name; `undefined` if Triton would load an arbitrary one of several
 */
export function targetModelOf(contents: RepositoryContents): string | undefined {
  return targetModel(readServedModels(contents), contents)?.name;
}

function targetModel(models: readonly ServedModel[], contents: RepositoryContents): ServedModel | undefined {
  const candidates = models.length > 1 ? models.filter((model) => isFoundAsEnsemble(model, contents)) : models;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Triton's SageMaker front end searches for this text, even in comments; it doesn't parse the configuration. */
function isFoundAsEnsemble({ configPath = "" }: ServedModel, { texts }: RepositoryContents): boolean {
  return /platform:\s*"ensemble"/.test(texts.get(configPath) ?? "");
}

/** Problems that only matter to the start script of a single model, which uses the name in a shell. */
const ofTheStart: readonly ProblemCode[] = ["default-model-ambiguous", "model-name-space"];

function ambiguous(models: readonly ServedModel[], contents: RepositoryContents): Problem {
  const found = models.filter((model) => isFoundAsEnsemble(model, contents)).map(({ name }) => name);
  const names = models.map(({ name }) => name).join(", ");
  return problem("target-model-ambiguous", ".", {
    message:
      found.length === 0
        ? `There are several models (${names}) and no ensemble among them: Triton would load an arbitrary one.`
        : `There are several configurations with the text platform: "ensemble" (${found.join(", ")}): Triton would load an arbitrary one.`,
    remedy: 'Put each model into its own repository, or have the line platform: "ensemble" in exactly one ensemble.',
  });
}

/**
 * Absolute paths below the folder of a single model, which doesn't exist here: SageMaker puts each model into
 * `/opt/ml/models/<hash>/model`.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
 */
function singleModelPaths({ config, configPath = ".", parsed }: ServedModel): Problem[] {
  const places = [
    ...Object.entries(config?.parameters ?? {}).map(([key, value]) => ({
      at: ["parameters", key],
      text: value?.string_value ?? "",
    })),
    ...(config?.model_operations?.op_library_filename ?? []).map((text, index) => ({
      at: ["model_operations", "op_library_filename", index],
      text,
    })),
  ].filter(({ text }) => /(?:^|[^\w/])\/opt\/ml\/model(?:\/|$)/.test(text));
  return places.map(({ at, text }) => {
    const line = parsed.lineOf(at);
    const found = problem("target-model-path", configPath, {
      message: `The path "${text}" is that of a single model; here each model is below /opt/ml/models/<hash>/model.`,
      remedy:
        at[1] === "EXECUTION_ENV_PATH"
          ? 'Write "$$TRITON_MODEL_DIRECTORY/…", which Triton replaces with the model\'s folder.'
          : "Put it beside the model's file and find it from there.",
    });
    return line === undefined ? found : { ...found, line };
  });
}

function decoupledProblems(model: ServedModel): Problem[] {
  if (!isDecoupled(model)) return [];
  const isVllm = model.completed?.backend === "vllm";
  return [
    problem("target-model-decoupled", model.configPath ?? ".", {
      message: "The model is decoupled, for which Triton refuses every request behind a multi-model endpoint.",
      remedy: isVllm
        ? "The vLLM backend makes it so: serve it on an endpoint of its own, with inferenceType generate or generate_stream."
        : "Answer each request once, and remove model_transaction_policy.",
    }),
  ];
}

/** Problems whose usual remedy is the start script of a single model, which loads nothing here. */
function asLoadedAlone(found: Problem): Problem {
  if (found.code === "bls-model-not-loaded") {
    return {
      ...found,
      severity: "error",
      remedy: "Triton only loads the ensemble and its steps: call the model from an ensemble.",
    };
  }
  if (found.code === "model-not-loaded") {
    return {
      ...found,
      message: "Triton doesn't load this model: it isn't a step of the ensemble.",
      remedy: "Remove the folder, or make it a separate repository.",
    };
  }
  return found;
}

function problem(code: ProblemCode, path: string, words: { message: string; remedy: string }): Problem {
  return { code, severity: problemCodes[code], path, ...words };
}
