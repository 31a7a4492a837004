import type { Finding } from "../repository/finding.ts";
import type { EnsembleStep } from "../config/modelConfigTypes.ts";
import { flowOrder } from "../flowOrder.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { stepGraph } from "../stepGraph.ts";

/**
 * The rules for ensembles and their models: no ensemble runs itself through others, and no step uses tensors of two
 * decoupled models.
 * Source: `CircularDependencyCheck` in https://github.com/triton-inference-server/core/blob/main/src/model_repository_manager/model_repository_manager.cc
 * and the end of `ValidateEnsembleConfig` in https://github.com/triton-inference-server/core/blob/main/src/ensemble_scheduler/ensemble_utils.cc
 *
 * @param models the repository's models by name
 */
export function* ensembleModelRules(
  ensemble: ServedModel,
  models: ReadonlyMap<string, ServedModel>,
): Generator<Finding> {
  const steps = ensemble.config?.ensemble_scheduling?.step ?? [];
  const { circles, decoupled } = stepGraph(models);
  const index = steps.findIndex(({ model_name: name }) => circles.get(name) === circles.get(ensemble.name));
  const circular = steps[index];
  if (circular) {
    yield {
      code: "ensemble-model-cycle",
      at: ["ensemble_scheduling", "step", index, "model_name"],
      message: `Step ${index + 1} runs "${circular.model_name}", which runs "${ensemble.name}" again.`,
      remedy: "An ensemble can't run itself: remove the step.",
    };
    return;
  }
  yield* decoupledFindings(
    steps,
    (ensemble.config?.output ?? []).map(({ name }) => name),
    decoupled,
  );
}

function* decoupledFindings(
  steps: readonly EnsembleStep[],
  outputs: readonly string[],
  decoupled: ReadonlySet<string>,
): Generator<Finding> {
  // The last decoupled step that a tensor comes from; -1 for none.
  const origin = new Map<string, number>();
  const producers = new Set(steps.flatMap(({ output_map }) => Object.values(output_map)));
  const { rounds, waiting } = flowOrder(steps, (tensor) => !producers.has(tensor));
  for (const index of rounds.flat()) {
    const { input_map, output_map, model_name } = steps[index] ?? { input_map: {}, output_map: {}, model_name: "" };
    const origins = new Set(Object.values(input_map).map((tensor) => origin.get(tensor) ?? -1));
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
    for (const tensor of Object.values(output_map)) origin.set(tensor, decoupled.has(model_name) ? index : inherited);
  }
  if (waiting.length > 0 || new Set(outputs.map((name) => origin.get(name) ?? -1)).size <= 1) return;
  yield {
    code: "ensemble-decoupled",
    at: ["output"],
    message: "The ensemble's outputs come from different decoupled models, or only some of them from one.",
    remedy: "Route all outputs through the same decoupled model, or none.",
  };
}
