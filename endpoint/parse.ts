import type * as z from "zod";
import { unknownKeyMessage } from "./knownKeys.ts";
import { overlap, valueAt, type Path, type Problem } from "./problem.ts";
import { modelSources } from "./variant.ts";

/** The result of checking a value against a schema. */
export interface Parsed<T> {
  /** The values with defaults; absent if any value is invalid. */
  readonly value?: T;
  /** The values that are valid by themselves, so that the rules can be checked even if others are invalid. */
  readonly sound: Partial<T>;
  /** The problems. */
  readonly problems: readonly Problem[];
}

/**
 * Checks a value against a schema.
 *
 * @param schema the schema
 * @param given the value, of any type
 * @param opened the schema opened for values that aren't known yet. Default: all are known
 */
export function parse<S extends z.ZodObject>(schema: S, given: unknown, opened = schema): Parsed<z.output<S>> {
  const result = opened.safeParse(given);
  if (result.success) return { value: result.data, sound: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema, given));
  return { sound: soundPart(opened, given), problems };
}

/**
 * The rules' problems, without those caused by a value that is already reported.
 *
 * @param problems the problems that the rules found
 * @param reported the problems of single values
 */
export function unreported(problems: readonly Problem[], reported: readonly Problem[]): Problem[] {
  const modelReported = reported.some(
    ({ path }) => path.some(isModelKey) || (path.length === 1 && path[0] === "variants"),
  );
  return problems.filter(
    ({ path, code }) =>
      !(code === "model-missing" && modelReported) &&
      !reported.some((other) => overlap(path, other.path) || overlap(other.path, path)),
  );
}

function isModelKey(part: string | number): boolean {
  return ["model", "modelName", ...modelSources].includes(String(part));
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType, given: unknown): Problem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: "unknown-key",
      message: unknownKeyMessage(schema, path, key),
    }));
  }
  if (valueAt(given, path) === undefined) {
    return [{ path, code: "missing", message: `must be set: it ${issue.message}` }];
  }
  return [{ path, code: "value", message: issue.message }];
}

/** Removes invalid values until the rest is valid; removed values are not replaced by defaults. */
function soundPart<S extends z.ZodObject>(schema: S, given: unknown): Partial<z.output<S>> {
  let rest = given;
  const removed: Path[] = [];
  for (;;) {
    const result = schema.safeParse(rest);
    if (result.success) {
      return removed.reduce<unknown>((value, path) => without(value, path), result.data) as Partial<z.output<S>>;
    }
    const wrong = result.error.issues.flatMap((issue) => wrongPaths(issue, rest));
    if (wrong.some((path) => path.length === 0)) return {};
    rest = wrong.reduce<unknown>((value, path) => without(value, path), rest);
    removed.push(...wrong);
  }
}

/**
 * What to remove: the invalid value, the object that a required value is missing from, or the whole list that an
 * invalid item is in.
 */
function wrongPaths(issue: z.core.$ZodIssue, given: unknown): Path[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  const wrong = valueAt(given, path) === undefined ? path.slice(0, -1) : path;
  return [typeof wrong.at(-1) === "number" ? wrong.slice(0, -1) : wrong];
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? without(item, rest) : (item as unknown)));
  if (key === undefined || typeof value !== "object" || value === null || !(key in value)) return value;
  const { [key]: inner, ...others } = value as Record<string | number, unknown>;
  return rest.length === 0 ? others : { ...others, [key]: without(inner, rest) };
}
