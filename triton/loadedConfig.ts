import type { ModelConfig } from "./modelConfigTypes.ts";
import type { OnnxFile } from "./modelFiles/onnx.ts";
import { canBatch, completeOnnx, isCompleted } from "./onnxCompletion.ts";
import type { ServedModel } from "./servedModel.ts";
import { servedModelFiles } from "./servedModelFiles.ts";

/**
 * The configuration that a model is loaded with: where its backend completes it from the model's file, and the checks read
 * that file, completed from the latest version's.
 *
 * @param model the model
 * @returns the configuration; `undefined` where it can't be read
 */
export function loadedConfig(model: ServedModel): ModelConfig | undefined {
  const file = decidingFile(model);
  return model.config && file ? completeOnnx(model.config, file) : model.config;
}

/**
 * Whether the checks know all that a model's backend completes the configuration with.
 *
 * @param model the model
 */
export function isFileKnown(model: ServedModel): boolean {
  return decidingFile(model) !== undefined;
}

function decidingFile(model: ServedModel): OnnxFile | undefined {
  const [latest] = servedModelFiles(model);
  if (!model.config || latest?.content?.format !== "onnx") return undefined;
  return isCompleted(model.config) && canBatch(latest.content) === undefined ? undefined : latest.content;
}
