import type * as z from "zod";
import { mostListed } from "../text/printable.ts";
import { unknownKeyMessage } from "./knownKeys.ts";
import { valueAt, type Path, type Problem } from "./problem.ts";
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
 * @param given the value, of any type
 * @param opened the schema opened for values that aren't known yet. Default: all are known
 */
export function parse<S extends z.ZodObject>(schema: S, given: unknown, opened = schema): Parsed<z.output<S>> {
  const reserved = reservedPaths(given);
  const rest = without(given, reserved);
  const result = opened.safeParse(rest);
  const problems = [
    ...reserved.map((path): Problem => {
      return { path, code: "reserved-name", message: "can't be used as a name: choose another one" };
    }),
    ...(result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, schema, rest))),
  ];
  if (!result.success) return { sound: soundPart(opened, rest), problems };
  return { ...(problems.length === 0 && { value: result.data }), sound: result.data, problems };
}

/** The paths of keys that zod leaves out without a word, because JavaScript takes them for an object's prototype. */
function reservedPaths(value: unknown, path: Path = []): Path[] {
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "__proto__" ? [[...path, key]] : reservedPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Checks whether a value is a list or an object as JSON has them, rather than an Output or another object of a class. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
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
  const whole = new Set(reported.map(({ path }) => JSON.stringify(path)));
  const around = new Set(reported.flatMap(({ path }) => startsOf(path)));
  return problems.filter(
    ({ path, code }) =>
      !(code === "model-missing" && modelReported) &&
      !around.has(JSON.stringify(path)) &&
      !startsOf(path).some((start) => whole.has(start)),
  );
}

/** A path and the paths of all that it lies in. */
function startsOf(path: Path): string[] {
  return [...path, ""].map((_, length) => JSON.stringify(path.slice(0, length)));
}

function isModelKey(part: string | number): boolean {
  return ["model", "modelName", ...modelSources].includes(String(part));
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType, given: unknown): Problem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      code: "unknown-key",
      // The others are only counted, and a search for each would take its time.
      message: index < mostListed ? unknownKeyMessage(schema, path, key) : "is unknown: remove it",
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
      return without(result.data, removed) as Partial<z.output<S>>;
    }
    const wrong = result.error.issues.flatMap((issue) => wrongPaths(issue, rest));
    if (wrong.some((path) => path.length === 0)) return {};
    rest = without(rest, wrong);
    removed.push(...wrong);
  }
}

/**
 * Finds what to remove: the invalid value, the object that a required value is missing from, or the whole list that an
 * invalid item is in.
 */
function wrongPaths(issue: z.core.$ZodIssue, given: unknown): Path[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  const wrong = valueAt(given, path) === undefined ? path.slice(0, -1) : path;
  return [typeof wrong.at(-1) === "number" ? wrong.slice(0, -1) : wrong];
}

/** A value without those of some paths; a list keeps all of its items. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0 || typeof value !== "object" || value === null) return value;
  const below = Map.groupBy(paths, ([key]) => key);
  const inner = (key: string | number, part: unknown) =>
    without(
      part,
      (below.get(key) ?? []).map(([, ...rest]) => rest),
    );
  if (Array.isArray(value)) return value.map((item: unknown, index) => inner(index, item));
  const isGone = (key: string) => below.get(key)?.some(({ length }) => length === 1);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (isGone(key) ? [] : [[key, inner(key, part)]])),
  );
}
