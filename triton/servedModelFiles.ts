import { posix } from "node:path";
import type { ModelFile, ModelFormat } from "./modelFiles/modelFile.ts";
import { entryKind, type ServedModel } from "./servedModel.ts";

/** A model's file that the checks understand. */
export interface ServedModelFile {
  /** The version that it belongs to. */
  readonly version: string;
  /** Its path inside the repository. */
  readonly path: string;
  /** The folder around it, where the backend takes a folder for the model. */
  readonly folder?: string;
  /** What its backend takes it for. */
  readonly format: ModelFormat;
  /** What it says of itself; absent where it was not read. */
  readonly content?: ModelFile;
}

/**
 * The files that the backend loads for a model, one for each version; none where the checks don't understand the backend's.
 *
 * @param model the model
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

/** The model in a folder: ONNX's may lie beside its external data, and a SavedModel always is one. */
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
