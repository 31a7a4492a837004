import { enumerated } from "../enumerated.ts";
import type { Finding } from "../repository/finding.ts";
import { flowOrder } from "../flowOrder.ts";
import type { EnsembleStep, ModelConfig } from "../config/modelConfigTypes.ts";
import type { ServedModel } from "../repository/servedModel.ts";

/**
 * The rules for an ensemble's own configuration: what it may set, and that its tensors flow from its inputs through its
 * steps to its outputs.
 * Source: `ValidateEnsembleSchedulingConfig` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 */
export function* ensembleGraphRules({ config }: ServedModel): Generator<Finding> {
  if (!config) return;
  const steps = config.ensemble_scheduling?.step;
  if (!steps) {
    if (config.platform === "ensemble") {
      yield {
        code: "ensemble-incomplete",
        at: ["platform"],
        message: "The ensemble has no ensemble_scheduling.",
        remedy: "Add ensemble_scheduling with its steps.",
      };
    }
    return;
  }
  if (config.platform !== "ensemble") {
    yield {
      code: "ensemble-incomplete",
      at: ["ensemble_scheduling"],
      message: 'ensemble_scheduling is set, but platform isn\'t "ensemble".',
      remedy: 'Add platform: "ensemble".',
    };
  }
  yield* forbiddenFields(config);
  if (steps.length === 0) {
    yield {
      code: "ensemble-incomplete",
      at: ["ensemble_scheduling"],
      message: "The ensemble has no step.",
      remedy: "Add its steps.",
    };
    return;
  }
  const incomplete = steps.flatMap((step, index) => incompleteStep(step, index));
  yield* incomplete;
  if (incomplete.length === 0) yield* flowFindings(config, steps);
}

function* forbiddenFields(config: ModelConfig): Generator<Finding> {
  const fields = {
    backend: config.backend !== "",
    instance_group: config.instance_group.length > 0,
    optimization: config.optimization !== null,
    model_warmup: config.model_warmup.length > 0,
  };
  for (const field of Object.entries(fields).flatMap(([name, isSet]) => (isSet ? [name] : []))) {
    yield {
      code: "ensemble-field-forbidden",
      at: [field],
      message: `An ensemble can't have ${field}, because it only passes tensors on.`,
      remedy: `Remove ${field}, or set it on the models of the steps.`,
    };
  }
}

function incompleteStep(step: EnsembleStep, index: number): Finding[] {
  const lacks = [
    step.model_name === "" ? "model_name" : [],
    Object.keys(step.input_map).length === 0 ? "input_map" : [],
    Object.keys(step.output_map).length === 0 ? "output_map" : [],
  ].flat();
  return lacks.map((field) => ({
    code: "ensemble-step-incomplete",
    at: ["ensemble_scheduling", "step", index],
    message: `Step ${index + 1} has no ${field}.`,
    remedy: "Give each step model_name, input_map and output_map.",
  }));
}

function* flowFindings(config: ModelConfig, steps: readonly EnsembleStep[]): Generator<Finding> {
  const inputs = new Set(config.input.map(({ name }) => name));
  const outputs = new Set(config.output.map(({ name }) => name));
  const made = new Set<string>();
  const used = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const [output, tensor] of Object.entries(step.output_map)) {
      if (made.has(tensor)) {
        yield {
          code: "ensemble-tensor-repeated",
          at: ["ensemble_scheduling", "step", index, "output_map", output],
          message: `The tensor "${tensor}" is produced twice.`,
          remedy: "Use a separate tensor for each output.",
        };
      }
      made.add(tensor);
    }
    for (const tensor of Object.values(step.input_map)) used.add(tensor);
  }
  yield* unmadeTensors(steps, (tensor) => inputs.has(tensor) || made.has(tensor));
  for (const [index, { name }] of config.output.entries()) {
    if (made.has(name) || used.has(name)) continue;
    yield {
      code: "ensemble-tensor-unmade",
      at: ["output", index],
      message: `No step produces the output "${name}".`,
      remedy: "Name it in the output_map of the step that produces it.",
    };
  }
  for (const [index, { name }] of config.input.entries()) {
    if (used.has(name) || made.has(name)) continue;
    yield {
      code: "ensemble-tensor-unused",
      at: ["input", index],
      message: `No step uses the input "${name}".`,
      remedy: "Name it in the input_map of a step, or remove it.",
    };
  }
  for (const [index, step] of steps.entries()) {
    for (const [output, tensor] of Object.entries(step.output_map)) {
      if (used.has(tensor) || outputs.has(tensor)) continue;
      yield {
        code: "ensemble-tensor-unused",
        at: ["ensemble_scheduling", "step", index, "output_map", output],
        message: `The tensor "${tensor}" is produced but never used.`,
        remedy: "Remove it from the output_map, or make it an output of the ensemble.",
      };
    }
  }
  yield* cyclicSteps(steps, inputs, made);
}

function* unmadeTensors(steps: readonly EnsembleStep[], known: (tensor: string) => boolean): Generator<Finding> {
  for (const [index, step] of steps.entries()) {
    for (const [input, tensor] of Object.entries(step.input_map)) {
      if (known(tensor)) continue;
      yield {
        code: "ensemble-tensor-unmade",
        at: ["ensemble_scheduling", "step", index, "input_map", input],
        message: `Step ${index + 1} uses the tensor "${tensor}", which is neither an input of the ensemble nor produced by a step.`,
        remedy: "Name a tensor of an output_map, or an input.",
      };
    }
  }
}

function* cyclicSteps(
  steps: readonly EnsembleStep[],
  inputs: ReadonlySet<string>,
  made: ReadonlySet<string>,
): Generator<Finding> {
  // Tensors that nothing produces are already reported; here they count as given, so that only cycles remain.
  const { waiting } = flowOrder(steps, (tensor) => inputs.has(tensor) || !made.has(tensor));
  const first = waiting.at(0);
  if (first === undefined) return;
  yield {
    code: "ensemble-tensor-cycle",
    at: ["ensemble_scheduling", "step", first],
    message:
      waiting.length === 1
        ? `Step ${first + 1} waits for a tensor that it produces itself.`
        : `The steps ${enumerated(waiting.map((index) => index + 1))} wait for each other's tensors.`,
    remedy: "Remove the cycle.",
  };
}
