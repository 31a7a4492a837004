import { posix } from "node:path";
import type { ModelFile, ModelFormat } from "../models/modelFile.ts";
import { entryKind, type ServedModel } from "./servedModel.ts";

/** A model's file that the checks understand. */
export interface ServedModelFile {
  /** Its version. */
  readonly version: string;
  /** Its path in the repository. */
  readonly path: string;
  /** Its folder, if the backend loads a folder as the model. */
  readonly folder?: string;
  /** The format that its backend expects. */
  readonly format: ModelFormat;
  /** Its metadata; absent if it wasn't read. */
  readonly content?: ModelFile;
}

/**
 * The files that the backend loads for a model, one per version; empty if the checks don't understand the backend's
 * files.
 */
export function servedModelFiles(model: ServedModel): readonly ServedModelFile[] {
  const format = formatOf(model);
  if (format === undefined) return [];
  const { name, completed, contents } = model;
  return model.loaded.map((version) => {
    const place = posix.join(name, version, completed?.filename ?? "");
    const inner = innerFiles[format];
    const folder = inner !== undefined && entryKind(contents, place) === "folder" ? place : undefined;
    const path = folder === undefined ? place : `${folder}/${inner ?? ""}`;
    const content = contents.models.get(path);
    return { version, path, ...(folder !== undefined && { folder }), format, ...(content && { content }) };
  });
}

/** The model in a folder: an ONNX model may be in one with its external data, and a SavedModel always is. */
const innerFiles: Readonly<Record<ModelFormat, string | undefined>> = {
  onnx: "model.onnx",
  savedmodel: "saved_model.pb",
  torch: undefined,
  tensorrt: undefined,
};

function formatOf({ config, completed }: ServedModel): ModelFormat | undefined {
  const backend = completed?.backend ?? "";
  if (!config || config.ensemble_scheduling || !["", `libtriton_${backend}.so`].includes(config.runtime)) {
    return undefined;
  }
  if (backend === "onnxruntime") return "onnx";
  if (backend === "tensorrt") return "tensorrt";
  if (completed?.platform === "tensorflow_savedmodel") return "savedmodel";
  return completed?.platform === "pytorch_libtorch" ? "torch" : undefined;
}
