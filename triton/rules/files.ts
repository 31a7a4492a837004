import type { Finding } from "../finding.ts";
import type { ModelConfig } from "../modelConfigTypes.ts";
import { entryKind, type ServedModel } from "../servedModel.ts";

/**
 * The rules for the files that a model's configuration speaks of.
 *
 * @param model the model
 */
export function* fileRules(model: ServedModel): Generator<Finding> {
  const { config, name, contents } = model;
  if (!config) return;
  if (!config.ensemble_scheduling) for (const version of model.loaded) yield* modelFile(model, config, version);
  for (const [index, { label_filename: file }] of config.output.entries()) {
    if (!file || entryKind(contents, `${name}/${file}`) === "file") continue;
    yield {
      code: "label-file-missing",
      at: ["output", index, "label_filename"],
      message: `The label file ${name}/${file} is not there.`,
      remedy: "Put it beside config.pbtxt, or leave label_filename out.",
    };
  }
  const library = config.parameters.TRITON_BATCH_STRATEGY_PATH?.string_value;
  if (library !== undefined && (config.sequence_batching || !inRepository(library, model))) {
    yield {
      code: "batch-strategy-missing",
      at: ["parameters", "TRITON_BATCH_STRATEGY_PATH"],
      message: config.sequence_batching
        ? "TRITON_BATCH_STRATEGY_PATH excludes sequence_batching."
        : `The batching library "${library}" is not in the repository, which is served from ${served}.`,
      remedy: "Leave it out, or put the library into the model's folder as batchstrategy.so.",
    };
  }
}

/**
 * Where SageMaker unpacks a model.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const served = "/opt/ml/model";

/**
 * The rules for a Python model's own environment.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @param model the model
 */
export function* environmentRules(model: ServedModel): Generator<Finding> {
  const path = model.config?.parameters.EXECUTION_ENV_PATH?.string_value;
  if (path === undefined || model.completed?.backend !== "python") return;
  const at = ["parameters", "EXECUTION_ENV_PATH"];
  const own = path.replace("$$TRITON_MODEL_DIRECTORY", `${served}/${model.name}`);
  const inside = own.startsWith("/") ? normalise(own) : undefined;
  if (!inside?.startsWith(`${served}/${model.name}/`)) {
    yield {
      code: "environment-outside",
      at,
      message: `The execution environment "${path}" lies outside the model's folder.`,
      remedy: 'Put it into the folder and write "$$TRITON_MODEL_DIRECTORY/environment.tar.gz".',
    };
  } else if (!inRepository(own, model)) {
    yield {
      code: "environment-missing",
      at,
      message: `The execution environment "${path}" is not there.`,
      remedy: "Put it into the model's folder.",
    };
  }
}

function inRepository(path: string, { contents }: ServedModel): boolean {
  const absolute = normalise(path);
  return absolute.startsWith(`${served}/`) && entryKind(contents, absolute.slice(served.length + 1)) !== undefined;
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
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
  const paths = candidates.map((file) => `${name}/${version}/${file}`);
  const found = paths.map((path) => ({ path, kind: entryKind(contents, path) })).find(({ kind }) => kind !== undefined);
  if (!found) {
    yield {
      code: "model-file-missing",
      path: `${name}/${version}`,
      message: `The version has no ${candidates.join(" or ")}, which the backend ${String(completed?.backend)} loads.`,
      remedy: "Put the model's file there, or name it with default_model_filename.",
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
