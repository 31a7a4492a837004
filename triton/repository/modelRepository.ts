import type { Finding } from "./finding.ts";
import { limitCodes } from "../limits.ts";
import { problemCodes, type ProblemCode } from "./problemCodes.ts";
import type { Problem } from "./problem.ts";
import type { RepositoryContents } from "./repositoryContents.ts";
import { backendRules } from "../rules/backend.ts";
import { backendParameterRules } from "../rules/backendParameters.ts";
import { businessLogicRules } from "../rules/businessLogic.ts";
import { capacityRules, type Capacity } from "../rules/capacity.ts";
import { ensembleGraphRules } from "../rules/ensembleGraph.ts";
import { ensembleModelRules } from "../rules/ensembleModels.ts";
import { ensembleStepRules } from "../rules/ensembleSteps.ts";
import { environmentRules } from "../rules/environments.ts";
import { executionAcceleratorRules } from "../rules/executionAccelerators.ts";
import { fileRules } from "../rules/files.ts";
import { absentVersions, folderRules, isNoModel, noModel } from "../rules/folders.ts";
import { instanceRules } from "../rules/instances.ts";
import { looksLikeModel, misplacedRepository } from "../rules/misplaced.ts";
import { modelFileRules } from "../rules/modelFiles.ts";
import { onnxRules } from "../rules/onnx.ts";
import { releaseRules, unknownRelease, type ServedImage } from "../rules/releases.ts";
import { pythonRules } from "../rules/pythonCode.ts";
import { pythonPackageRules } from "../rules/pythonPackages.ts";
import { savedModelRules } from "../rules/savedModel.ts";
import { schedulingRules } from "../rules/scheduling.ts";
import { sequenceRules } from "../rules/sequences.ts";
import { throughputRules, type ThroughputOptions } from "../rules/throughput.ts";
import { tensorRules } from "../rules/tensors.ts";
import { tensorRtRules } from "../rules/tensorRt.ts";
import { torchRules } from "../rules/torch.ts";
import { decoupledAnswer, vllmRules } from "../rules/vllm.ts";
import { warmupRules } from "../rules/warmup.ts";
import { readServedModels, subfolders, type ServedModel } from "./servedModel.ts";
import { startup } from "./startup.ts";
import { stepGraph } from "../stepGraph.ts";
import { hasUnread, isUnread, mayHideCode, unreadNames } from "./unread.ts";

/** The facts about the server that the check uses. */
export interface CheckOptions extends ServedImage, Capacity, Pick<ThroughputOptions, "latencyBoundInMilliseconds"> {
  /** The model that requests go to, `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. Default: the only one. */
  readonly defaultModelName?: string;
  /**
   * True to assume the only model that no other one runs as the default, if there are several and `defaultModelName`
   * isn't given, with a warning. Default: `false`, it is an error as on SageMaker.
   */
  readonly assumeDefaultModel?: boolean;
  /** The instance's accelerator. Default: anything that depends on it isn't checked. */
  readonly accelerator?: "cpu" | "gpu";
  /** The instance's number of GPUs. Default: the GPUs that a model names aren't checked. */
  readonly gpuCount?: number;
  /** `SAGEMAKER_TRITON_ADDITIONAL_ARGS`, for example `--load-model=child`. Default: none. */
  readonly additionalArgs?: string;
  /**
   * `SAGEMAKER_TRITON_INFERENCE_TYPE`, or `infer` if it isn't set. Default: anything that depends on it isn't checked.
   */
  readonly inferenceType?: string;
}

/**
 * Checks a model repository as SageMaker's start script and Triton would, without running either. A model that the
 * start script doesn't load can't keep the others from being served, so its problems are only warnings.
 *
 * @param contents the repository
 * @param options what the check knows about the server
 * @returns all errors and warnings, sorted by path and line
 */
export function checkModelRepository(contents: RepositoryContents, options: CheckOptions = {}): readonly Problem[] {
  if (isPartlyRead(contents) || hidesModels(contents)) return sorted(contents.problems);
  const misplaced = misplacedRepository(contents);
  if (misplaced) return sorted([...contents.problems, problemOf(misplaced)]);
  const models = new Map(readServedModels(contents).map((model) => [model.name, model]));
  const { loaded, answering, findings } = startup(models, options, contents.strayFolders);
  const calls = businessLogicRules(models, loaded);
  const holds = ({ missing = [] }: Finding) => !missing.some((path) => isUnread(contents, path));
  const called = new Set(calls.map(({ callee }) => callee));
  return sorted([
    ...contents.problems,
    ...[...findings, ...unknownRelease(options), ...capacityRules(models, loaded, options)]
      .filter(holds)
      .map((finding) => problemOf(finding)),
    ...(answering === undefined ? [] : answerProblems(answering, models, options)),
    ...[...models.values()].flatMap((model) => {
      const problems = [
        ...configProblems(model),
        ...firstOfEach(modelRules(model, models, options), holds).map((finding) => problemOf(finding, model)),
      ];
      return loaded.has(model.name) ? problems : problems.map(asWarning);
    }),
    ...calls.filter(({ finding }) => holds(finding)).map(({ caller, finding }) => problemOf(finding, caller)),
    // If a configuration can't be read, we don't know which files it loads.
    ...(!mayHideCode(contents) && [...loaded].every((name) => models.get(name)?.config)
      ? [...models.values()]
          .filter((model) => !loaded.has(model.name) && !called.has(model.name) && !isNoModel(model))
          .map(({ name }) => notLoaded(name))
      : []),
  ]);
}

function answerProblems(
  name: string,
  models: ReadonlyMap<string, ServedModel>,
  { inferenceType }: CheckOptions,
): Problem[] {
  const model = models.get(name);
  if (inferenceType !== "infer" || !model || !stepGraph(models).decoupled.has(name)) return [];
  return [problemOf(decoupledAnswer(model), model)];
}

function* modelRules(
  model: ServedModel,
  models: ReadonlyMap<string, ServedModel>,
  options: CheckOptions,
): Generator<Finding> {
  if (isNoModel(model)) {
    if (unreadNames(model.contents, model.name).length === 0) yield noModel(model);
    return;
  }
  // Nothing is known about backends from outside the image.
  const image = options.additionalArgs?.includes("--backend-dir") ? { ...options, ownImage: true } : options;
  yield* folderRules(model);
  yield* absentVersions(model);
  yield* releaseRules(model, options);
  yield* backendRules(model, image);
  yield* fileRules(model, options);
  yield* modelFileRules(model);
  yield* onnxRules(model, image);
  yield* torchRules(model);
  yield* savedModelRules(model);
  yield* tensorRtRules(model, { ...image, additionalArgs: options.additionalArgs });
  yield* backendParameterRules(model, options);
  yield* executionAcceleratorRules(model, options);
  yield* vllmRules(model);
  yield* environmentRules(model, image);
  yield* pythonRules(model, image);
  yield* pythonPackageRules(model, image);
  yield* tensorRules(model);
  yield* schedulingRules(model);
  yield* sequenceRules(model);
  yield* instanceRules(model, options);
  yield* throughputRules(model, options);
  yield* warmupRules(model);
  yield* ensembleGraphRules(model);
  yield* ensembleStepRules(model, models);
  yield* ensembleModelRules(model, models);
}

/** The most findings with one code in one model: 1 MiB of a configuration can have 500,000. */
const MOST_ALIKE = 1000;

function firstOfEach<Found extends Pick<Finding, "code" | "message" | "remedy">>(
  findings: Iterable<Found>,
  holds: (finding: Found) => boolean = () => true,
): (Found | Pick<Finding, "code" | "message" | "remedy">)[] {
  const kept: (Found | Pick<Finding, "code" | "message" | "remedy">)[] = [];
  const counts = new Map<ProblemCode, number>();
  for (const finding of findings) {
    if (!holds(finding)) continue;
    const count = (counts.get(finding.code) ?? 0) + 1;
    counts.set(finding.code, count);
    if (count <= MOST_ALIKE) kept.push(finding);
  }
  for (const [code, count] of counts) {
    if (count <= MOST_ALIKE) continue;
    const message = `The model has ${count - MOST_ALIKE} more problems of this kind, which are not listed.`;
    kept.push({ code, message, remedy: "Correct those that are listed first." });
  }
  return kept;
}

function configProblems({ parsed, configPath }: ServedModel): Problem[] {
  // Picked, because a problem of the schema also holds the text around it.
  return firstOfEach(parsed.problems).map((problem) => {
    const { code, message, remedy } = problem;
    const line = "line" in problem ? problem.line : undefined;
    return { code, severity: problemCodes[code], path: configPath ?? ".", line, message, remedy };
  });
}

function problemOf({ code, message, remedy, at, path, line }: Finding, model?: ServedModel): Problem {
  const place = path ?? model?.configPath ?? model?.name ?? ".";
  const found = path === undefined && at ? model?.parsed.lineOf(at) : line;
  return {
    code,
    severity: problemCodes[code],
    path: place,
    ...(found !== undefined && { line: found }),
    message,
    remedy,
  };
}

function asWarning(problem: Problem): Problem {
  if (problem.severity === "warning") return problem;
  return {
    ...problem,
    severity: "warning",
    message: `${problem.message} (SageMaker's start script doesn't load this model.)`,
  };
}

function notLoaded(name: string): Problem {
  return problemOf({
    code: "model-not-loaded",
    path: name,
    message: "SageMaker's start script doesn't load this model: it is neither the default model nor a step of it.",
    remedy: `Add it to loadModels of modelServer, which is SAGEMAKER_TRITON_ADDITIONAL_ARGS="--load-model=${name}", or remove the folder.`,
  });
}

/** Checks whether a repository wasn't read to its end, so that seemingly missing files may just be unread. */
function isPartlyRead({ problems, files }: RepositoryContents): boolean {
  const unread: readonly ProblemCode[] = [
    ...limitCodes,
    ...(["links-too-many", "archive-not-tar", "archive-truncated", "archive-corrupt"] as const),
  ];
  const unreadWithoutFiles: readonly ProblemCode[] = ["archive-not-gzip", "path-outside"];
  return problems.some(({ code }) => unread.includes(code) || (files.size === 0 && unreadWithoutFiles.includes(code)));
}

/** A repository of which so much could not be read that no model is seen. */
function hidesModels(contents: RepositoryContents): boolean {
  return hasUnread(contents) && !subfolders(contents, "").some((folder) => looksLikeModel(contents, folder));
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || (a.line ?? 0) - (b.line ?? 0));
}
