import type * as z from "zod";
import { unknownKeyMessage } from "./knownKeys.ts";
import { overlap, valueAt, type Path, type Problem } from "./problem.ts";
import { modelSources } from "./variant.ts";

/** What a schema makes of a value. */
export interface Parsed<T> {
  /** The values, with defaults; absent where one of them is wrong. */
  readonly value?: T;
  /** The values that are sound by themselves: the rules look at them even where others are wrong. */
  readonly sound: Partial<T>;
  /** What is wrong. */
  readonly problems: readonly Problem[];
}

/**
 * Checks a value against a schema.
 *
 * @param schema the schema
 * @param given the value, whatever it is
 */
export function parse<S extends z.ZodObject>(schema: S, given: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(given);
  if (result.success) return { value: result.data, sound: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema, given));
  return { sound: soundPart(schema, given), problems };
}

/**
 * The rules' problems, without those that come from a value that is reported already.
 *
 * @param problems what the rules found
 * @param reported what is wrong by itself
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

/** Takes out what is wrong until nothing is; what is taken out does not come back as a default. */
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

/** What to take out: the value; where it is missing, what misses it; and the whole list where that is an item of one. */
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
