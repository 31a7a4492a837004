import type { ModelConfig } from "./modelConfigTypes.ts";
import { completeOnnx } from "./onnxCompletion.ts";
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
  const [latest] = servedModelFiles(model);
  if (!model.config || latest?.content?.format !== "onnx") return model.config;
  return completeOnnx(model.config, latest.content);
}

/**
 * Whether the checks know the file that a model's backend completes the configuration from.
 *
 * @param model the model
 */
export function isFileKnown(model: ServedModel): boolean {
  return servedModelFiles(model)[0]?.content?.format === "onnx";
}
