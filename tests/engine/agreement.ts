import type { ResourceChange } from "../../preview/changes/resourceChanges.ts";
import type { Plan } from "../../preview/plan.ts";
import type { Run, Step } from "./engineStack.ts";

/**
 * How a difference that was found without the engine disagrees with the engine's preview: in what happens to a resource,
 * or in the order of two of which one needs the other. The order of all others is the engine's own.
 *
 * @param changes the difference
 * @param plans what is deployed, and what is to be
 * @param preview the preview
 * @returns in words; nothing if they agree
 */
export function disagreements(changes: readonly ResourceChange[], plans: readonly Plan[], preview: Run): string[] {
  const made = preview.steps.filter(({ op, type }) => /^(aws|docker):/.test(type) && !unchanging.has(op)).map(inWords);
  const told = changes.flatMap(stepsOf);
  const wrong = [
    ...told.filter((step) => !made.includes(step)).map((step) => `only the difference has: ${step}`),
    ...made.filter((step) => !told.includes(step)).map((step) => `only the preview has: ${step}`),
  ];
  return wrong.length > 0 ? wrong : orderProblems(changes, plans, made);
}

const unchanging = new Set(["same", "read", "replace"]);

/** The engine's steps of one resource, in its order; `replace` stands between the two of a replacement. */
function stepsOf({ kind, name, deleteBeforeReplace }: ResourceChange): string[] {
  if (kind !== "replace") return [`${kind} ${name}`];
  const steps = [`create-replacement ${name}`, `delete-replaced ${name}`];
  return deleteBeforeReplace ? steps.reverse() : steps;
}

function inWords({ op, name }: Step): string {
  return `${op} ${name}`;
}

function orderProblems(changes: readonly ResourceChange[], plans: readonly Plan[], made: readonly string[]): string[] {
  const needs = plans.map(needsOf);
  const at = new Map(made.map((step, index) => [step, index]));
  const isBefore = (first: string, second: string) => (at.get(first) ?? 0) < (at.get(second) ?? 0);
  const own = changes
    .map(stepsOf)
    .filter(([first = "", second]) => second !== undefined && !isBefore(first, second))
    .map((steps) => `the preview has not: ${steps.join(", then ")}`);
  const pairs = changes.flatMap((one) => changes.map((other) => [one, other] as const));
  const between = pairs
    .filter(([one, other]) => needs.every((known) => known.get(other.name)?.has(one.name) === true))
    .flatMap(([needed, needing]) =>
      stepsOf(needed).flatMap((first) =>
        stepsOf(needing)
          .filter((second) => isDeletion(first) === isDeletion(second))
          .filter((second) => isBefore(first, second) === isDeletion(first))
          .map((second) => `the preview has another order of ${first} and ${second}`),
      ),
    );
  return [...own, ...between];
}

function isDeletion(step: string): boolean {
  return step.startsWith("delete");
}

/** The resources that each resource of a plan needs, directly or through others. */
function needsOf({ resources }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>();
  for (const { name, inputs, options } of resources) {
    const text = JSON.stringify(inputs);
    const direct = [...needs.keys()].filter((other) => text.includes(`\${${other}.`));
    const all = [...direct, ...(options.dependsOn ?? [])];
    needs.set(name, new Set([...all, ...all.flatMap((other) => [...(needs.get(other) ?? [])])]));
  }
  return needs;
}
