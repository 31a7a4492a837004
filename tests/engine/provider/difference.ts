import replacements from "../../../sagemaker/replacements.json" with { type: "json" };
import { defaultsKey, isPlainObject, same, type Properties } from "./values.ts";

/** What the AWS or Docker provider does with a changed resource. */
export interface Difference {
  /** Every changed property's path, and whether it was added, deleted or updated. */
  readonly properties: Readonly<Record<string, "add" | "delete" | "update">>;
  /** The changed inputs. */
  readonly inputs: readonly string[];
  /** The changed inputs that only a new resource can have. */
  readonly replacing: readonly string[];
  /** Whether the old resource is deleted before the new one is made, unless the program says otherwise. */
  readonly deleteBeforeReplace: boolean;
}

/** Which inputs of a type force a replacement, and which of them is its name. */
export interface ReplacementFacts {
  /** The input that the provider makes up where it isn't given. Given, it means delete before replace. */
  readonly name?: string;
  /** The inputs that only a new resource can have; `a.b` is a part of `a`. */
  readonly replaceOn: readonly string[];
}

/**
 * What is known of a type's replacements.
 *
 * @throws Error where nothing is: the facts are then to be looked up, never guessed
 */
export function replacementFacts(type: string): ReplacementFacts {
  const facts = (replacements.types as Record<string, ReplacementFacts | undefined>)[type];
  if (!facts) throw new Error(`sagemaker/replacements.json says nothing of ${type}`);
  return facts;
}

/**
 * Compares a resource with its new inputs as the Terraform bridge does.
 *
 * @param type the resource's type token
 * @param state its outputs, as they were last seen
 * @param oldInputs the inputs that it was made from
 * @param newInputs the inputs that it is to have
 */
export function difference(type: string, state: Properties, oldInputs: Properties, newInputs: Properties): Difference {
  const { name, replaceOn } = replacementFacts(type);
  const before = (key: string) => (key in state ? state[key] : oldInputs[key]);
  const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])].filter(
    (key) => key !== defaultsKey,
  );
  const inputs = keys.filter((key) => !same(before(key), newInputs[key]));
  const properties = Object.fromEntries(inputs.flatMap((key) => changes(key, before(key), newInputs[key])));
  const replacing = inputs.filter((input) =>
    replaceOn.some((path) => {
      const [root = "", ...inner] = path.split(".");
      return root === input && !same(at(before(root), inner), at(newInputs[root], inner));
    }),
  );
  const defaults = (newInputs[defaultsKey] ?? []) as readonly string[];
  const named = name !== undefined && newInputs[name] !== undefined && !defaults.includes(name);
  return { properties, inputs, replacing, deleteBeforeReplace: replacing.length > 0 && named };
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isPlainObject(inner) ? inner[key] : undefined), value);
}

function changes(path: string, before: unknown, after: unknown): [string, "add" | "delete" | "update"][] {
  if (same(before, after)) return [];
  if (isPlainObject(before) && isPlainObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changes(`${path}${step(key)}`, before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, index) => changes(`${path}[${index}]`, before[index], after[index]));
  }
  return [[path, before === undefined ? "add" : after === undefined ? "delete" : "update"]];
}

function step(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`;
}
