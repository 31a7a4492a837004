import type { ServedModel } from "./repository/servedModel.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/** Which models of a repository run which others as steps. */
export interface StepGraph {
  /** The models that each ensemble runs, whether or not they exist. */
  readonly steps: Graph;
  /** A number for each model, the same for models that run each other, through others or directly. */
  readonly circles: ReadonlyMap<string, number>;
  /** The models that are decoupled, and the ensembles that run one. */
  readonly decoupled: ReadonlySet<string>;
}

/**
 * The models that an ensemble runs.
 *
 * @param model the ensemble; other models run none
 */
function stepModels({ config }: ServedModel): string[] {
  return (config?.ensemble_scheduling?.step ?? []).map(({ model_name }) => model_name);
}

/** Checks whether a model may send any number of responses, by its configuration or its backend. */
export function isDecoupled({ config, completed }: ServedModel): boolean {
  return (
    config?.model_transaction_policy?.decoupled === true || (config !== undefined && completed?.backend === "vllm")
  );
}

/** Computed once per repository, because each of its models needs it. */
const known = new WeakMap<ReadonlyMap<string, ServedModel>, StepGraph>();

/**
 * The graph of a repository's ensembles and their steps.
 *
 * @param models the repository's models by name
 */
export function stepGraph(models: ReadonlyMap<string, ServedModel>): StepGraph {
  const graph = known.get(models) ?? graphOf(models);
  known.set(models, graph);
  return graph;
}

function graphOf(models: ReadonlyMap<string, ServedModel>): StepGraph {
  const steps = new Map([...models].map(([name, model]) => [name, [...new Set(stepModels(model))]]));
  const callers = new Map<string, string[]>([...models.keys()].map((name) => [name, []]));
  for (const [name, called] of steps) for (const step of called) callers.get(step)?.push(name);
  const leaves = [...models.values()].filter((model) => steps.get(model.name)?.length === 0);
  const decoupled = leaves.filter(isDecoupled);
  return {
    ...{ steps, circles: circlesOf(steps, callers) },
    decoupled: reachable(
      decoupled.map(({ name }) => name),
      callers,
    ),
  };
}

/**
 * Everything that can be reached in a graph.
 *
 * @param from where to start, which is reached too
 * @param next the next nodes of each node
 */
export function reachable(from: readonly string[], next: Graph): ReadonlySet<string> {
  const reached = new Set(from);
  // A set that grows while it is gone through.
  for (const name of reached) for (const other of next.get(name) ?? []) reached.add(other);
  return reached;
}

/**
 * Numbers the models so that two have the same number if each runs the other, through others or directly.
 * Source: Kosaraju's algorithm, https://en.wikipedia.org/wiki/Kosaraju%27s_algorithm
 */
function circlesOf(steps: Graph, callers: Graph): ReadonlyMap<string, number> {
  const circles = new Map<string, number>();
  for (const start of finished(steps).reverse()) {
    if (circles.has(start)) continue;
    const circle = circles.size;
    const open = [start];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (circles.has(name)) continue;
      circles.set(name, circle);
      open.push(...(callers.get(name) ?? []));
    }
  }
  return circles;
}

/** The models in the order in which a search through their steps is finished with them. */
function finished(steps: Graph): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const start of steps.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const path = [{ name: start, at: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = steps.get(top.name)?.[top.at++];
      if (next === undefined) {
        order.push(top.name);
        path.pop();
      } else if (steps.has(next) && !seen.has(next)) {
        seen.add(next);
        path.push({ name: next, at: 0 });
      }
    }
  }
  return order;
}
