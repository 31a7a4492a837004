import { pythonTexts, type ServedModel } from "./servedModel.ts";

/** Backends that read a model's inputs and outputs from its file. */
const selfDescribing = ["tensorrt", "onnxruntime", "openvino", "tensorflow", "dali"];

/**
 * Whether the model itself may add inputs, outputs or a batch size to its configuration, so that what the configuration
 * leaves out says nothing.
 *
 * @param model the model
 */
export function hasOpenTensors(model: ServedModel): boolean {
  const backend = model.completed?.backend ?? "";
  if (model.config?.ensemble_scheduling) return false;
  if (selfDescribing.includes(backend)) return true;
  // Python models with auto_complete_config, and what a backend that is not known does, stay open.
  if (backend !== "python") return model.config?.input.length === 0 || model.config?.output.length === 0;
  return pythonTexts(model).some(({ text }) => completesItself.test(text));
}

/** A class that completes its configuration, or one that inherits or imports what is not seen here. */
const completesItself =
  /\bdef\s+auto_complete_config\b|\bclass\s+TritonPythonModel\s*\(\s*(?!object\b)\w|\bimport\s+(\*|.*\bTritonPythonModel\b)/;
