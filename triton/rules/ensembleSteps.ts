import { enumerated } from "../enumerated.ts";
import type { Finding } from "../repository/finding.ts";
import { loadedConfig } from "../config/loadedConfig.ts";
import type { EnsembleStep, ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";
import { hasOpenTensors } from "../config/openTensors.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { tensorsByName } from "./modelTensors.ts";

/** A tensor of an ensemble, as described by the first model that uses it. */
interface TensorView {
  readonly from: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly batching: boolean;
  /** True if the model may still change its batch size. */
  readonly open: boolean;
}

/**
 * The rules for an ensemble and the models of its steps: that they exist in the requested version, and that names,
 * types, shapes and batch sizes agree.
 * Source: `ValidateEnsembleConfig` in https://github.com/triton-inference-server/core/blob/main/src/ensemble_scheduler/ensemble_utils.cc
 * and, for optional inputs, `InitStep` in https://github.com/triton-inference-server/core/blob/main/src/ensemble_scheduler/ensemble_scheduler.cc
 *
 * @param models the repository's models by name
 */
export function* ensembleStepRules(
  ensemble: ServedModel,
  models: ReadonlyMap<string, ServedModel>,
): Generator<Finding> {
  const { config } = ensemble;
  const steps = config?.ensemble_scheduling?.step;
  if (!config || !steps) return;
  const tensors = new Map<string, TensorView>();
  for (const side of ["input", "output"] as const) {
    for (const tensor of config[side]) {
      const dims = tensor.reshape?.shape ?? tensor.dims;
      tensors.set(tensor.name, { ...view(tensor, config, "the ensemble", false), dims });
    }
  }
  for (const [index, step] of steps.entries()) {
    if (step.model_name === "" || step.model_namespace !== "") continue;
    const at = ["ensemble_scheduling", "step", index];
    const model = models.get(step.model_name);
    if (!model) {
      yield {
        code: "ensemble-model-unknown",
        at: [...at, "model_name"],
        message: `Step ${index + 1} runs "${step.model_name}", but the repository has no such folder.`,
        remedy: "Add the model, or name an existing one.",
        missing: [step.model_name],
      };
      continue;
    }
    yield* versionFindings(step, model, at, index);
    const loaded = loadedConfig(model);
    if (loaded) yield* stepFindings(step, model, loaded, config, at, index, tensors);
  }
}

function view(tensor: ModelTensor, config: ModelConfig, from: string, open: boolean): TensorView {
  return { from, type: tensor.data_type, dims: tensor.dims, batching: config.max_batch_size > 0, open };
}

function* versionFindings(
  { model_version: version }: EnsembleStep,
  { name, loaded }: ServedModel,
  at: readonly (string | number)[],
  index: number,
): Generator<Finding> {
  if (version === -1 || loaded.length === 0 || loaded.includes(String(version))) return;
  yield {
    code: "ensemble-version-unavailable",
    at: [...at, "model_version"],
    message: `Step ${index + 1} runs version ${version} of "${name}", but Triton loads version ${loaded.join(", ")}. The default model_version is 0.`,
    remedy: "Write model_version: -1 for the latest.",
  };
}

function* stepFindings(
  step: EnsembleStep,
  model: ServedModel,
  config: ModelConfig,
  ensemble: ModelConfig,
  at: readonly (string | number)[],
  index: number,
  tensors: Map<string, TensorView>,
): Generator<Finding> {
  const open = hasOpenTensors(model);
  const optionals = optionalIn(ensemble.input);
  if (config.max_batch_size > 0 && config.max_batch_size < ensemble.max_batch_size) {
    yield {
      code: "ensemble-batch-size",
      at: ["max_batch_size"],
      message: `max_batch_size is ${ensemble.max_batch_size}, but "${model.name}" of step ${index + 1} accepts ${config.max_batch_size} at most.`,
      remedy: "Lower the ensemble's, or raise the model's.",
    };
  }
  for (const side of ["input", "output"] as const) {
    const map = `${side}_map` as const;
    const declared = declaredIn(config[side]);
    for (const [name, tensor] of Object.entries(step[map])) {
      const own = declared.get(name);
      if (own && side === "input" && !own.optional && optionals.has(tensor)) {
        yield {
          code: "ensemble-input-optional",
          at: [...at, map, name],
          message: `The ensemble's input "${tensor}" is optional, but "${model.name}" of step ${index + 1} requires it as "${name}": Triton refuses each request without it.`,
          remedy: `Remove optional from the ensemble's input, or make "${name}" of "${model.name}" optional.`,
        };
      }
      if (own) {
        yield* agreement(tensor, view(own, config, `"${model.name}"`, open), [...at, map, name], tensors);
      } else if (!open) {
        yield {
          code: "ensemble-map-unknown",
          at: [...at, map, name],
          message: `"${model.name}" has no ${side} "${name}".`,
          remedy: `Use one of its ${side}s: ${enumerated(declared.keys(), declared.size)}.`,
        };
      }
    }
    if (side === "output") continue;
    let left = MOST_UNMAPPED;
    for (const { name, optional } of declared.values()) {
      if (optional || Object.hasOwn(step.input_map, name)) continue;
      // One step may leave out as many inputs as fit a configuration, and so may each of thousands.
      if (left-- === 0) break;
      yield {
        code: "ensemble-input-unmapped",
        at,
        message: `Step ${index + 1} leaves out the input "${name}" of "${model.name}".`,
        remedy: `Add input_map { key: "${name}" value: … }.`,
      };
    }
  }
}

/** The most inputs to report as unmapped in one step. */
const MOST_UNMAPPED = 10;

/** Computed once for each model's side, because thousands of steps may run the same model. */
const declarations = new WeakMap<readonly ModelTensor[], ReadonlyMap<string, ModelTensor>>();

function declaredIn(tensors: readonly ModelTensor[]): ReadonlyMap<string, ModelTensor> {
  const known = declarations.get(tensors) ?? tensorsByName(tensors);
  declarations.set(tensors, known);
  return known;
}

/** Computed once for each ensemble, because it may have thousands of steps. */
const optionalNames = new WeakMap<readonly ModelTensor[], ReadonlySet<string>>();

function optionalIn(inputs: readonly ModelTensor[]): ReadonlySet<string> {
  const known = optionalNames.get(inputs) ?? new Set(inputs.flatMap(({ name, optional }) => (optional ? name : [])));
  optionalNames.set(inputs, known);
  return known;
}

function* agreement(
  name: string,
  own: TensorView,
  at: readonly (string | number)[],
  tensors: Map<string, TensorView>,
): Generator<Finding> {
  const first = tensors.get(name);
  if (!first) {
    tensors.set(name, own);
    return;
  }
  if (first.type !== own.type) {
    yield {
      code: "ensemble-type-mismatch",
      at,
      message: `The tensor "${name}" is ${own.type} for ${own.from}, but ${first.type} for ${first.from}.`,
      remedy: "Make them the same.",
    };
  }
  // A model without a batch size may still turn out to batch.
  if ((own.open && !own.batching) || (first.open && !first.batching)) return;
  if (agrees(first.dims, own.dims) || agrees(fullShape(first), fullShape(own))) return;
  yield {
    code: "ensemble-shape-mismatch",
    at,
    message: `The tensor "${name}" is ${shapeText(own)} for ${own.from}, but ${shapeText(first)} for ${first.from}.`,
    remedy: "Make them the same, with -1 for the batch and for any size.",
  };
}

function fullShape({ dims, batching }: TensorView): readonly number[] {
  return batching ? [-1, ...dims] : dims;
}

function shapeText(tensor: TensorView): string {
  return `[${fullShape(tensor).join(", ")}]`;
}

function agrees(left: readonly number[], right: readonly number[]): boolean {
  return (
    left.length === right.length && left.every((size, axis) => [size, right[axis]].includes(-1) || size === right[axis])
  );
}
