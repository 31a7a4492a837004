import type { Finding } from "../repository/finding.ts";
import type { EnsembleStep } from "../config/modelConfigTypes.ts";
import type { ServedModel } from "../repository/servedModel.ts";

/**
 * The rules for ensembles and their models: no ensemble runs itself through others, and no step uses tensors of two
 * decoupled models.
 * Source: `CircularDependencyCheck` in https://github.com/triton-inference-server/core/blob/main/src/model_repository_manager/model_repository_manager.cc
 * and the end of `ValidateEnsembleConfig` in https://github.com/triton-inference-server/core/blob/main/src/ensemble_scheduler/ensemble_utils.cc
 *
 * @param ensemble the ensemble
 * @param models the repository's models by name
 */
export function* ensembleModelRules(
  ensemble: ServedModel,
  models: ReadonlyMap<string, ServedModel>,
): Generator<Finding> {
  const steps = ensemble.config?.ensemble_scheduling?.step ?? [];
  for (const [index, step] of steps.entries()) {
    if (!reaches(step.model_name, ensemble.name, models, new Set())) continue;
    yield {
      code: "ensemble-model-cycle",
      at: ["ensemble_scheduling", "step", index, "model_name"],
      message: `Step ${index + 1} runs "${step.model_name}", which runs "${ensemble.name}" again.`,
      remedy: "An ensemble can't run itself: remove the step.",
    };
    return;
  }
  yield* decoupledFindings(
    steps,
    (ensemble.config?.output ?? []).map(({ name }) => name),
    models,
  );
}

/**
 * The models that an ensemble runs.
 *
 * @param model the ensemble; other models run none
 */
export function stepModels({ config }: ServedModel): string[] {
  return (config?.ensemble_scheduling?.step ?? []).map(({ model_name }) => model_name);
}

function reaches(from: string, to: string, models: ReadonlyMap<string, ServedModel>, seen: Set<string>): boolean {
  if (from === to) return true;
  const model = models.get(from);
  if (!model || seen.has(from)) return false;
  seen.add(from);
  return stepModels(model).some((name) => reaches(name, to, models, seen));
}

function* decoupledFindings(
  steps: readonly EnsembleStep[],
  outputs: readonly string[],
  models: ReadonlyMap<string, ServedModel>,
): Generator<Finding> {
  // The last decoupled step that a tensor comes from; -1 for none.
  const origin = new Map<string, number>();
  const producers = new Set(steps.flatMap(({ output_map }) => Object.values(output_map)));
  let waiting = [...steps.entries()];
  for (;;) {
    const able = waiting.filter(([, { input_map }]) =>
      Object.values(input_map).every((tensor) => origin.has(tensor) || !producers.has(tensor)),
    );
    if (able.length === 0) break;
    for (const [index, step] of able) {
      const origins = new Set(Object.values(step.input_map).map((tensor) => origin.get(tensor) ?? -1));
      if (origins.size > 1) {
        yield {
          code: "ensemble-decoupled",
          at: ["ensemble_scheduling", "step", index],
          message: `Step ${index + 1} uses tensors that come from different decoupled models.`,
          remedy: "Route all inputs of a step through the same decoupled model, or none.",
        };
        return;
      }
      const [inherited = -1] = origins;
      const decoupled = isDecoupled(step.model_name, models);
      for (const tensor of Object.values(step.output_map)) origin.set(tensor, decoupled ? index : inherited);
    }
    waiting = waiting.filter((step) => !able.includes(step));
  }
  if (waiting.length > 0 || new Set(outputs.map((name) => origin.get(name) ?? -1)).size <= 1) return;
  yield {
    code: "ensemble-decoupled",
    at: ["output"],
    message: "The ensemble's outputs come from different decoupled models, or only some of them from one.",
    remedy: "Route all outputs through the same decoupled model, or none.",
  };
}

/**
 * Whether a model is decoupled. An ensemble is if one of its steps is, whatever its own configuration says.
 *
 * @param name the model
 * @param models the repository's models by name
 * @param seen the models already visited
 */
export function isDecoupled(name: string, models: ReadonlyMap<string, ServedModel>, seen = new Set<string>()): boolean {
  const model = models.get(name);
  if (!model || seen.has(name)) return false;
  seen.add(name);
  const steps = stepModels(model);
  if (steps.length > 0) return steps.some((step) => isDecoupled(step, models, seen));
  return model.config?.model_transaction_policy?.decoupled ?? false;
}
