import type * as z from "zod";
import { withoutMistyped } from "./mistyped.ts";
import { parse, unreported } from "./parse.ts";
import type { Problem } from "./problem.ts";

/** An endpoint after its check. */
export interface Judged<T> {
  /** The endpoint with all defaults; absent if there are errors. */
  readonly value?: T;
  /** The errors; if there are none, the warnings. */
  readonly problems: readonly Problem[];
}

/**
 * Judges a description of an endpoint: each value by the schema, and what is valid by the rules.
 *
 * @param given the description, of any type
 * @param rules the rules. They get the valid values; a value that already has a problem gets no second one
 * @param opened the schema opened for values that aren't known yet. Default: all are known
 */
export function judge<S extends z.ZodObject>(
  schema: S,
  given: unknown,
  rules: (sound: Partial<z.output<S>>) => Iterable<Problem>,
  opened = schema,
): Judged<z.output<S>> {
  const { value, sound, problems } = parse(schema, given, opened);
  const all = withoutMistyped(schema, [...problems, ...unreported([...rules(sound)], problems)]);
  const errors = all.filter(({ severity }) => severity !== "warning");
  return value && errors.length === 0 ? { value, problems: all } : { problems: errors };
}
