import { knownBackends } from "./backends.ts";
import { isFileKnown, loadedConfig } from "./loadedConfig.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";
import { isUnread } from "../repository/unread.ts";

/** Backends that read a model's inputs and outputs from its file. */
export const selfDescribing: readonly string[] = ["tensorrt", "onnxruntime", "openvino", "tensorflow", "dali"];

/** Those that also complete a partial input or output of the configuration. */
const completingBackends = ["tensorrt", "tensorflow", "dali"];

/**
 * Checks whether the model itself may add inputs, outputs or a batch size to its configuration, so that missing ones aren't a
 * problem.
 */
export function hasOpenTensors(model: ServedModel): boolean {
  const backend = model.completed?.backend ?? "";
  if (model.config?.ensemble_scheduling || backend === "vllm") return false;
  if (selfDescribing.includes(backend)) return !isFileKnown(model);
  // Unknown for Python models with auto_complete_config and for unknown backends.
  if (backend !== "python") return model.config?.input.length === 0 || model.config?.output.length === 0;
  return completesItself(model);
}

/** Checks whether the model itself may set the batch size that its configuration leaves at 0. */
export function hasOpenBatch(model: ServedModel): boolean {
  return loadedConfig(model)?.max_batch_size === 0 && hasOpenTensors(model);
}

/**
 * Checks whether the model itself may add the type or shape of an input or output that the configuration only names.
 */
export function completesTensors(model: ServedModel): boolean {
  const backend = model.completed?.backend ?? "";
  if (model.config?.ensemble_scheduling) return false;
  return completingBackends.includes(backend) || !knownBackends.includes(backend) || completesItself(model);
}

/**
 * A Python class that completes its configuration, or may do so through inheritance, imports or code that isn't visible
 * here.
 */
function completesItself(model: ServedModel): boolean {
  const isKnown = completing.get(model) ?? mayComplete(model);
  completing.set(model, isKnown);
  return isKnown;
}

/** Searched for once per model, because each step of an ensemble that runs it needs it. */
const completing = new WeakMap<ServedModel, boolean>();

function mayComplete(model: ServedModel): boolean {
  const { name, completed, loaded, contents } = model;
  if (completed?.backend !== "python") return false;
  return (
    pythonTexts(model).some(({ text }) => completion.test(text) || importsClass(text)) ||
    loaded.some((version) => isUnread(contents, `${name}/${version}/${completed.filename}`))
  );
}

const completion = /\bdef\s+auto_complete_config\b|\bclass\s+TritonPythonModel\s*\(\s*(?!object\b)\w|\bimport\s+\*/;

function importsClass(text: string): boolean {
  return text.split("\n").some((line) => {
    const at = line.search(/\bimport\s/);
    return at >= 0 && /\bTritonPythonModel\b/.test(line.slice(at));
  });
}
