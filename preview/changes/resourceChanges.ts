import { isDeepStrictEqual } from "node:util";
import replacements from "../../sagemaker/replacements.json" with { type: "json" };
import type { Plan, PlannedResource } from "../plan.ts";
import { alarmSentence } from "./alarmSentence.ts";
import { inputChanges, type InputChange } from "./inputChanges.ts";

/** What the engine does with a resource. A replacement creates the new one before the old one is deleted, or after. */
export type ChangeKind = "create" | "update" | "replace" | "delete";

/** A resource that differs between two plans. */
export interface ResourceChange {
  /** What the engine does with it. */
  readonly kind: ChangeKind;
  /** Pulumi's type token. */
  readonly type: string;
  /** Its name in Pulumi. */
  readonly name: string;
  /** Whether the old resource is deleted before the new one is created; of a replacement only. */
  readonly deleteBeforeReplace?: boolean;
  /** Whether the old resource stays in AWS; of a replacement or a deletion only. */
  readonly retained?: boolean;
  /** Whether the engine refuses to replace or delete it. */
  readonly protected?: boolean;
  /** The inputs that differ; empty for a created or deleted resource. */
  readonly inputs: readonly InputChange[];
  /** The changed inputs that only a new resource can have; of a replacement only. */
  readonly because: readonly string[];
  /** When the alarm fires, before and after; of an alarm only. */
  readonly alarm?: { readonly before?: string; readonly after?: string };
}

/**
 * Compares two plans as the engine compares a program with its state: a reference to a resource that is replaced is a
 * change too, because only the update knows its value.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 * @returns the resources that differ: those of `after` in the order of its program, then those that leave the stack,
 * dependents first
 */
export function resourceChanges(before: Plan, after: Plan): ResourceChange[] {
  const earlier = new Map(comparable(before).map((resource) => [keyOf(resource), resource]));
  const changes = new Map<string, ResourceChange>();
  const planned = comparable(after);
  const isMoved = (name: string, output: string) => {
    const change = changes.get(name);
    if (!change || change.kind === "create") return false;
    const known = [earlier.get(`${change.type} ${name}`), planned.find((resource) => resource.name === name)];
    if (change.kind === "update" || known.every((resource) => resource && output in resource.inputs)) {
      return change.inputs.some(({ path }) => rootOf(path) === output);
    }
    return true;
  };
  for (const resource of planned) {
    const old = earlier.get(keyOf(resource));
    const change = old ? changeOf(old, resource, isMoved) : { ...named(undefined, resource), kind: "create" as const };
    if (change) changes.set(resource.name, change);
  }
  const staying = new Set(planned.map(keyOf));
  const leaving = [...earlier.values()].filter((resource) => !staying.has(keyOf(resource))).reverse();
  return [
    ...changes.values(),
    ...leaving.map((resource) => ({ ...named(resource), ...fateOf(resource), kind: "delete" as const })),
  ];
}

/** Whether a resource is one of a provider's, and not a component or a provider itself. */
export function isCustom({ type }: PlannedResource): boolean {
  return !type.startsWith("sagemaker-triton:") && !type.startsWith("pulumi:");
}

/** Another tag of an upstream image has another digest, which a plan calls `${digest}` in either case. */
function comparable({ resources }: Plan): PlannedResource[] {
  const custom = resources.filter(isCustom);
  const text = JSON.stringify(custom);
  const tag = /:([^:/"]+)-\$\{digest\}/.exec(text)?.[1];
  if (tag === undefined) return custom;
  return JSON.parse(text.replaceAll("${digest}", `\${digest of ${tag}}`)) as PlannedResource[];
}

function changeOf(
  old: PlannedResource,
  resource: PlannedResource,
  isMoved: (name: string, output: string) => boolean,
): ResourceChange | undefined {
  const { options } = resource;
  const wanted = (options.ignoreChanges ?? []).reduce(
    (inputs, ignored) => withFormer(inputs, old.inputs, ignored.split(".")),
    resource.inputs,
  );
  const inputs = inputChanges(old.inputs, wanted, isMoved).filter(({ path }) => !isSameUpload(old, resource, path));
  const facts = factsOf(resource.type);
  const because = inputs
    .filter((change) =>
      [...facts.replaceOn, ...(options.replaceOnChanges ?? [])].some((input) => concerns(change, input)),
    )
    .map(({ path }) => path);
  const triggered = inputChanges(
    { replacementTrigger: old.options.replacementTrigger },
    { replacementTrigger: options.replacementTrigger },
    isMoved,
  );
  const reasons = [...because, ...triggered.slice(0, 1).map(({ path }) => rootOf(path))];
  if (reasons.length === 0) {
    return inputs.length > 0 ? { ...named(old, resource), kind: "update", inputs } : undefined;
  }
  const isNamed = facts.name !== undefined && resource.inputs[facts.name] !== undefined;
  return {
    ...named(old, resource),
    ...fateOf(old, resource),
    kind: "replace",
    deleteBeforeReplace: options.deleteBeforeReplace ?? isNamed,
    inputs: [...inputs, ...triggered],
    because: [...new Set(reasons)],
  };
}

/** Inputs with the value that one of them had before, as the engine takes an ignored one. */
function withFormer(inputs: Inputs, former: Inputs, [root = "", ...inner]: readonly string[]): Inputs {
  const { [root]: now, ...others } = inputs;
  const was = former[root];
  if (inner.length === 0) return was === undefined ? others : { ...others, [root]: was };
  if (!isInputs(now)) return inputs;
  return { ...others, [root]: withFormer(now, isInputs(was) ? was : {}, inner) };
}

type Inputs = PlannedResource["inputs"];

function isInputs(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key of an object has its content's digest, wherever the file is. */
function isSameUpload(old: PlannedResource, resource: PlannedResource, path: string): boolean {
  return (
    rootOf(path) === "source" &&
    resource.inputs.key !== undefined &&
    isDeepStrictEqual(old.inputs.key, resource.inputs.key)
  );
}

function named(
  old: PlannedResource | undefined,
  now?: PlannedResource,
): Pick<ResourceChange, "type" | "name" | "inputs" | "because" | "alarm"> {
  const { type = "", name = "" } = now ?? old ?? {};
  const [before, after] = [old, now].map((resource) => resource && alarmSentence(resource));
  const alarm = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { type, name, inputs: [], because: [], ...(Object.keys(alarm).length > 0 && { alarm }) };
}

function fateOf(old: PlannedResource, now = old): Pick<ResourceChange, "retained" | "protected"> {
  return {
    ...(old.options.retainOnDelete && { retained: true }),
    ...(old.options.protect && now.options.protect && { protected: true }),
  };
}

function keyOf({ type, name }: PlannedResource): string {
  return `${type} ${name}`;
}

function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** Whether a change is one of an input such as `deploymentConfig.autoRollbackConfiguration`, or of a part of it. */
function concerns({ path, before, after }: InputChange, input: string): boolean {
  const dotted = path.replaceAll(/\[\d+\]/g, "");
  if (dotted === input || dotted.startsWith(`${input}.`)) return true;
  if (!input.startsWith(`${dotted}.`)) return false;
  const inner = input.slice(dotted.length + 1).split(".");
  return !isDeepStrictEqual(partOf(before, inner), partOf(after, inner));
}

function partOf(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isInputs(inner) ? inner[key] : undefined), value);
}

/** What is known of a type's replacements: a type without facts is changed in place. */
function factsOf(type: string): { readonly name?: string; readonly replaceOn: readonly string[] } {
  const facts: Readonly<Record<string, { readonly name?: string; readonly replaceOn: readonly string[] }>> =
    replacements.types;
  return facts[type] ?? { replaceOn: [] };
}
