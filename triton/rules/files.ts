import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import type { ModelConfig } from "../modelConfigTypes.ts";
import { holds } from "../releaseFacts.ts";
import type { RepositoryContents } from "../repositoryContents.ts";
import { absence, entriesOf, entryKind, type ServedModel } from "../servedModel.ts";
import { mayHideCode } from "../unread.ts";
import type { ServedImage } from "./releases.ts";

/**
 * The rules for the files that a model's configuration speaks of.
 *
 * @param model the model
 * @param image the image that will load it
 */
export function* fileRules(model: ServedModel, { release, ownImage }: ServedImage): Generator<Finding> {
  const { config, name, contents } = model;
  if (!config) return;
  if (!config.ensemble_scheduling) for (const version of model.loaded) yield* modelFile(model, config, version);
  for (const [index, { label_filename: file }] of config.output.entries()) {
    if (!file) continue;
    const inside = !posix.normalize(file).startsWith("..") || !holds("labels-inside", release);
    if (inside && entryKind(contents, `${name}/${file}`) === "file") continue;
    yield {
      code: "label-file-missing",
      at: ["output", index, "label_filename"],
      message: inside
        ? `The label file ${name}/${file} is ${absence(contents, `${name}/${file}`)}.`
        : `The label file "${file}" lies outside the model's folder.`,
      remedy: "Put it beside config.pbtxt, or leave label_filename out.",
      ...(inside && { missing: [`${name}/${file}`] }),
    };
  }
  const library = config.parameters.TRITON_BATCH_STRATEGY_PATH?.string_value;
  if (library !== undefined && (config.sequence_batching || !inModel(library, model))) {
    const mayBeInImage = ownImage && !config.sequence_batching && !isServed(library);
    yield {
      code: mayBeInImage ? "batch-strategy-in-image" : "batch-strategy-missing",
      at: ["parameters", "TRITON_BATCH_STRATEGY_PATH"],
      message: config.sequence_batching
        ? "TRITON_BATCH_STRATEGY_PATH excludes sequence_batching."
        : `The batching library "${library}" is not in the model's folder, which is served from ${served}/${name}.`,
      remedy: mayBeInImage
        ? "Make sure that your image has it at this path."
        : "Leave it out, or put the library into the model's folder as batchstrategy.so.",
    };
  }
}

/**
 * Where SageMaker unpacks a model.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
const served = "/opt/ml/model";

/**
 * The rules for a Python model's own environment.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @param model the model
 * @param image the image that will load it
 */
export function* environmentRules(model: ServedModel, { ownImage }: ServedImage): Generator<Finding> {
  const { config, completed, name, contents } = model;
  const path = config?.parameters.EXECUTION_ENV_PATH?.string_value ?? "";
  if (path === "" || completed?.backend !== "python") return;
  const at = ["parameters", "EXECUTION_ENV_PATH"];
  const place = inRepository(path.replace("$$TRITON_MODEL_DIRECTORY", `${served}/${name}`));
  if (place === undefined) {
    const finding = elsewhere(path, contents, ownImage);
    if (finding.code !== "environment-outside" || !mayHideCode(contents)) yield finding;
    return;
  }
  const kind = entryKind(contents, place);
  if (kind === undefined || (kind === "folder" && entryKind(contents, `${place}/bin/activate`) === undefined)) {
    yield {
      code: "environment-missing",
      at,
      message: `The execution environment "${path}" ${kind ? "has no bin/activate" : "is not there"}.`,
      remedy: "Put into the model's folder what conda-pack makes: the archive, or what it unpacks to.",
      missing: [`${place}/bin/activate`],
    };
  } else if (place !== name && !place.startsWith(`${name}/`)) {
    yield {
      code: "environment-elsewhere",
      at,
      message: `The execution environment "${path}" lies outside the model's folder.`,
      remedy: "Put it into the model's folder, so that the model can be moved alone.",
    };
  }
}

/** An environment outside the repository: what an image of one's own may have, or what a model may have put there before. */
function elsewhere(path: string, { texts }: RepositoryContents, ownImage = false): Finding {
  const at = ["parameters", "EXECUTION_ENV_PATH"];
  const message = `The execution environment "${path}" lies outside the repository, which is served from ${served}`;
  const remedy = 'Put it into the model\'s folder and write "$$TRITON_MODEL_DIRECTORY/environment.tar.gz".';
  if (!posix.isAbsolute(path)) return { code: "environment-outside", at, message: `${message}.`, remedy };
  if (ownImage) {
    return {
      code: "environment-in-image",
      at,
      message: `${message}: your image must have it.`,
      remedy: "Make sure that the image has it at this path, or put it into the model's folder.",
    };
  }
  const folder = posix.dirname(path);
  const isMade = (text: string) => text.includes(path) || (folder !== "/" && text.includes(folder));
  if (/^\/(tmp|var\/tmp|dev\/shm)\//.test(posix.normalize(path)) || pythonTextsIn(texts).some(isMade)) {
    return {
      code: "environment-made-later",
      at,
      message: `${message}: another model must have put it there before this one is loaded.`,
      remedy,
    };
  }
  return { code: "environment-outside", at, message: `${message}, and Triton's image has no such file.`, remedy };
}

function pythonTextsIn(texts: RepositoryContents["texts"]): string[] {
  return [...texts].filter(([path]) => path.endsWith(".py")).map(([, text]) => text);
}

function isServed(path: string): boolean {
  return posix.normalize(path).startsWith(`${served}/`);
}

/** Where an absolute path leads in the repository; nothing where it leads elsewhere. */
function inRepository(path: string): string | undefined {
  return isServed(path)
    ? posix
        .normalize(path)
        .slice(served.length + 1)
        .replace(/\/$/, "")
    : undefined;
}

function inModel(path: string, { name, contents }: ServedModel): boolean {
  const place = inRepository(path);
  return place?.startsWith(`${name}/`) === true && entryKind(contents, place) !== undefined;
}

/** Backends whose file is a file, a folder, or either. */
const kinds: Readonly<Record<string, "file" | "folder" | undefined>> = {
  tensorrt_plan: "file",
  pytorch_libtorch: "file",
  tensorflow_savedmodel: "folder",
  tensorflow_graphdef: "file",
};

/** The files that the FIL backend looks for, by its parameter model_type. */
const filFiles: Readonly<Record<string, string | undefined>> = {
  xgboost: "xgboost.model",
  xgboost_json: "xgboost.json",
  xgboost_ubj: "xgboost.ubj",
  lightgbm: "model.txt",
  treelite_checkpoint: "checkpoint.tl",
};

function* modelFile(model: ServedModel, config: ModelConfig, version: string): Generator<Finding> {
  const { name, completed, contents } = model;
  const candidates = fileNames(completed?.backend ?? "", completed?.filename ?? "", config);
  if (candidates.length === 0) return;
  // Python imports its file, and no import leads upwards.
  const paths = candidates
    .filter((file) => completed?.backend !== "python" || !posix.normalize(file).startsWith(".."))
    .map((file) => posix.join(name, version, file));
  const found = paths.map((path) => ({ path, kind: entryKind(contents, path) })).find(({ kind }) => kind !== undefined);
  if (!found) {
    yield {
      code: "model-file-missing",
      path: `${name}/${version}`,
      message: `The version has no ${candidates.join(" or ")}, which the backend ${String(completed?.backend)} loads.`,
      remedy:
        otherCase(model, version, candidates) ?? "Put the model's file there, or name it with default_model_filename.",
      missing: paths,
    };
    return;
  }
  const wanted = completed?.backend === "python" ? "file" : kinds[completed?.platform ?? ""];
  if (wanted === undefined || found.kind === wanted) return;
  yield {
    code: "model-file-kind",
    path: found.path,
    message: `This is a ${String(found.kind)}, and the backend ${String(completed?.backend)} loads a ${wanted}.`,
    remedy: `Put the model's ${wanted} there.`,
  };
}

/** What to do about `Model.ONNX`, which Windows and macOS take for model.onnx. */
function otherCase(
  { name, contents }: ServedModel,
  version: string,
  candidates: readonly string[],
): string | undefined {
  for (const [entry] of entriesOf(contents, `${name}/${version}`)) {
    const meant = candidates.find((file) => file.toLowerCase() === entry.toLowerCase());
    if (meant !== undefined) return `Rename ${entry} to ${meant}: on Linux, capital and small letters differ.`;
  }
  return undefined;
}

/** The names of which one has to be there; none where the backend's file is not known. */
function fileNames(backend: string, filename: string, config: ModelConfig): string[] {
  if (config.runtime !== "") return [];
  if (backend === "dali") return filename === "" ? ["model.dali", "dali.py"] : [filename, "dali.py"];
  if (backend === "fil" && filename === "") {
    return [filFiles[config.parameters.model_type?.string_value ?? "xgboost"] ?? []].flat();
  }
  return ["tensorflow", "tensorrt", "onnxruntime", "openvino", "pytorch", "python"].includes(backend) && filename !== ""
    ? [filename]
    : [];
}
