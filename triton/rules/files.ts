import { posix } from "node:path";
import type { Finding } from "../repository/finding.ts";
import type { ModelConfig } from "../config/modelConfigTypes.ts";
import { placeInRepository, servedDirectory } from "../models/executionEnvironment.ts";
import { filFiles } from "../releases/backendParameters.ts";
import { holds } from "../releases/releaseFacts.ts";
import { absence, entriesOf, entryKind, type ServedModel } from "../repository/servedModel.ts";
import type { ServedImage } from "./releases.ts";
import { table } from "../../text/table.ts";

/**
 * The rules for the files that a model's configuration refers to.
 * Sources: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md,
 * https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_configuration.md#custom-batching,
 * and `releases.json` for where labels lie
 *
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
        ? `The label file ${name}/${file} ${absence(contents, `${name}/${file}`)}.`
        : `The label file "${file}" is outside the model's folder.`,
      remedy: "Put it next to config.pbtxt, or remove label_filename.",
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
        ? "TRITON_BATCH_STRATEGY_PATH can't be combined with sequence_batching."
        : `The batching library "${library}" is not in the model's folder, which is served from ${servedDirectory}/${name}.`,
      remedy: mayBeInImage
        ? "Make sure that your image has it at this path."
        : "Remove it, or put the library into the model's folder as batchstrategy.so.",
    };
  }
}

function isServed(path: string): boolean {
  return posix.normalize(path).startsWith(`${servedDirectory}/`);
}

function inModel(path: string, { name, contents }: ServedModel): boolean {
  const place = placeInRepository(path);
  return place?.startsWith(`${name}/`) === true && entryKind(contents, place) !== undefined;
}

/** Backends whose file is a file, a folder, or either. */
const kinds: Readonly<Record<string, "file" | "folder" | undefined>> = table({
  tensorrt_plan: "file",
  pytorch_libtorch: "file",
  tensorflow_savedmodel: "folder",
  tensorflow_graphdef: "file",
});

function* modelFile(model: ServedModel, config: ModelConfig, version: string): Generator<Finding> {
  const { name, completed, contents } = model;
  const candidates = fileNames(completed?.backend ?? "", completed?.filename ?? "", config);
  if (candidates.length === 0) return;
  // Python imports its file, and imports can't leave the folder.
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
        otherCase(model, version, candidates) ??
        otherForest(model, version) ??
        (completed?.backend === "vllm" ? vllmArguments : undefined) ??
        "Put the model's file there, or set default_model_filename to its name.",
      missing: paths,
    };
    return;
  }
  const wanted = completed?.backend === "python" ? "file" : kinds[completed?.platform ?? ""];
  if (wanted === undefined || found.kind === wanted) return;
  yield {
    code: "model-file-kind",
    path: found.path,
    message: `This is a ${String(found.kind)}, but the backend ${String(completed?.backend)} loads a ${wanted}.`,
    remedy: `Put the model's ${wanted} there.`,
  };
}

/** The remedy for `Model.ONNX`, which Windows and macOS treat as model.onnx. */
function otherCase(
  { name, contents }: ServedModel,
  version: string,
  candidates: readonly string[],
): string | undefined {
  for (const [entry] of entriesOf(contents, `${name}/${version}`)) {
    const meant = candidates.find((file) => file.toLowerCase() === entry.toLowerCase());
    if (meant !== undefined) return `Rename ${entry} to ${meant}: file names on Linux are case-sensitive.`;
  }
  return undefined;
}

const vllmArguments = 'Put the arguments of vLLM\'s engine there, for example { "model": "facebook/opt-125m" }.';

/** The remedy for a forest's file that goes with another `model_type`. */
function otherForest({ name, completed, contents }: ServedModel, version: string): string | undefined {
  if (completed?.backend !== "fil") return undefined;
  const entries = entriesOf(contents, `${name}/${version}`);
  const [type, file] = Object.entries(filFiles).find(([, file = ""]) => entries.has(file)) ?? [];
  return file === undefined
    ? undefined
    : `Set the parameter model_type to "${String(type)}", which is the type of ${file}, or put the model's file there.`;
}

/** The names of which one must exist; empty if the backend's file isn't known. */
function fileNames(backend: string, filename: string, config: ModelConfig): string[] {
  if (backend === "vllm" && ["", "model.py"].includes(config.runtime)) return ["model.json"];
  if (config.runtime !== "") return [];
  if (backend === "dali") return filename === "" ? ["model.dali", "dali.py"] : [filename, "dali.py"];
  if (backend === "fil" && filename === "") {
    return [filFiles[config.parameters.model_type?.string_value ?? "xgboost"] ?? []].flat();
  }
  return ["tensorflow", "tensorrt", "onnxruntime", "openvino", "pytorch", "python"].includes(backend) && filename !== ""
    ? [filename]
    : [];
}
