import type { ModelConfig } from "./modelConfigTypes.ts";
import type { OnnxFile } from "../models/onnx.ts";
import { canBatch, completeOnnx, isCompleted } from "../models/onnxCompletion.ts";
import { completeVllm } from "../models/vllmCompletion.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";
import { reachable, stepGraph } from "../stepGraph.ts";

/**
 * The configuration that a model is loaded with, completed by the vLLM backend or from the latest version's file, if its
 * backend does that and the checks can read the file.
 *
 * @returns the configuration; `undefined` if it can't be read
 */
export function loadedConfig(model: ServedModel): ModelConfig | undefined {
  const known = configs.get(model) ?? completed(model);
  if (known) configs.set(model, known);
  return known;
}

/**
 * The configurations that a model and, for an ensemble, all models that it runs are loaded with: the model's own first,
 * and none that can't be read.
 *
 * @param models the repository's models by name
 */
export function configsOf(name: string, models: ReadonlyMap<string, ServedModel>): ModelConfig[] {
  return [...reachable([name], stepGraph(models).steps)].flatMap((each) => {
    const model = models.get(each);
    return (model && loadedConfig(model)) ?? [];
  });
}

/** Completed once per model, because each step of an ensemble that runs it needs it. */
const configs = new WeakMap<ServedModel, ModelConfig>();

function completed(model: ServedModel): ModelConfig | undefined {
  if (model.completed?.backend === "vllm") return model.config && completeVllm(model.config);
  const file = decidingFile(model);
  return model.config && file ? completeOnnx(model.config, file) : model.config;
}

/** Checks whether the checks know everything that a model's backend adds to the configuration. */
export function isFileKnown(model: ServedModel): boolean {
  return decidingFile(model) !== undefined;
}

function decidingFile(model: ServedModel): OnnxFile | undefined {
  const [latest] = servedModelFiles(model);
  if (!model.config || latest?.content?.format !== "onnx") return undefined;
  return isCompleted(model.config) && canBatch(latest.content) === undefined ? undefined : latest.content;
}
