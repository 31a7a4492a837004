import type { Finding } from "../finding.ts";
import type { EnsembleStep, ModelConfig } from "../modelConfigTypes.ts";
import type { ServedModel } from "../servedModel.ts";

/**
 * The rules for an ensemble that its own configuration decides: what it may set, and that its tensors flow from its inputs
 * through its steps to its outputs.
 * Source: `ValidateEnsembleSchedulingConfig` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 *
 * @param model the model
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
      message: 'ensemble_scheduling is set, and platform is not "ensemble".',
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
      message: `An ensemble takes no ${field}: it only passes tensors on.`,
      remedy: `Leave ${field} out, or set it on the models of the steps.`,
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
          message: `The tensor "${tensor}" is made twice.`,
          remedy: "Give each output a tensor of its own.",
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
      message: `No step makes the output "${name}".`,
      remedy: "Name it in the output_map of the step that makes it.",
    };
  }
  for (const [index, { name }] of config.input.entries()) {
    if (used.has(name) || made.has(name)) continue;
    yield {
      code: "ensemble-tensor-unused",
      at: ["input", index],
      message: `No step takes the input "${name}".`,
      remedy: "Name it in the input_map of a step, or leave it out.",
    };
  }
  for (const [index, step] of steps.entries()) {
    for (const [output, tensor] of Object.entries(step.output_map)) {
      if (used.has(tensor) || outputs.has(tensor)) continue;
      yield {
        code: "ensemble-tensor-unused",
        at: ["ensemble_scheduling", "step", index, "output_map", output],
        message: `The tensor "${tensor}" is made and never used.`,
        remedy: "Take it out of the output_map, or make it an output of the ensemble.",
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
        message: `Step ${index + 1} takes the tensor "${tensor}", which is no input of the ensemble and which no step makes.`,
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
  // What nobody makes is told already: here it counts as given, so that only cycles are left waiting.
  const ready = new Set(inputs);
  const given = (tensor: string) => ready.has(tensor) || !made.has(tensor);
  let waiting = [...steps.entries()];
  for (;;) {
    const able = waiting.filter(([, step]) => Object.values(step.input_map).every(given));
    if (able.length === 0) break;
    for (const [, step] of able) for (const tensor of Object.values(step.output_map)) ready.add(tensor);
    waiting = waiting.filter((step) => !able.includes(step));
  }
  const first = waiting.at(0);
  if (!first) return;
  yield {
    code: "ensemble-tensor-cycle",
    at: ["ensemble_scheduling", "step", first[0]],
    message:
      waiting.length === 1
        ? `Step ${first[0] + 1} waits for a tensor that it makes itself.`
        : `The steps ${waiting.map(([index]) => index + 1).join(", ")} wait for each other's tensors.`,
    remedy: "Let the tensors flow one way.",
  };
}
