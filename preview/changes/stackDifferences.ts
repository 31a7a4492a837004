import type { Plan } from "../plan.ts";
import { alarmSentence } from "./alarmSentence.ts";
import { inputChanges } from "./inputChanges.ts";
import { isCustom, type ResourceChange } from "./resourceChanges.ts";

/**
 * Compares two stacks beside each other: none becomes the other, so nothing is replaced and nothing follows.
 *
 * @param other the plan of the stack that is compared with
 * @param stack the plan of the stack
 * @returns as changes from `other` to `stack`: a created resource is one that only `stack` has
 */
export function stackDifferences(other: Plan, stack: Plan): ResourceChange[] {
  const [theirs, ours] = [other, stack].map(({ resources }) => resources.filter(isCustom));
  const find = (resources: typeof theirs, type: string, name: string) =>
    resources?.find((resource) => resource.type === type && resource.name === name);
  const both = (ours ?? []).flatMap((resource): ResourceChange[] => {
    const { type, name } = resource;
    const old = find(theirs, type, name);
    const [before, after] = [old && alarmSentence(old), alarmSentence(resource)];
    const alarm = after === undefined ? {} : { alarm: { ...(before !== undefined && { before }), after } };
    const inputs = old ? inputChanges(old.inputs, resource.inputs, () => false) : [];
    if (old && inputs.length === 0) return [];
    return [{ kind: old ? "update" : "create", type, name, inputs, because: [], ...alarm }];
  });
  const gone = (theirs ?? [])
    .filter(({ type, name }) => !find(ours, type, name))
    .map(({ type, name }): ResourceChange => ({ kind: "delete", type, name, inputs: [], because: [] }));
  return [...both, ...gone];
}
