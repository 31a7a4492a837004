import type { Problem } from "./problem.ts";

/** Thrown where a rule looks into a value that isn't known yet. */
class NotKnownYet extends Error {}

function refuse(): never {
  throw new NotKnownYet("the value is only known while resources are created");
}

/**
 * Stands for a value that is only known while resources are created, such as another resource's output. It is set, so it
 * differs from `undefined`; a rule that looks at it more closely (compares, measures, matches it) ends there, see
 * `asFarAsKnown`.
 */
export const unknownYet = new Proxy(refuse, { get: refuse, has: refuse, ownKeys: refuse });

/**
 * Checks whether a value is known while the program runs.
 *
 * @param value any value of an endpoint
 */
export function isKnown(value: unknown): boolean {
  return value !== unknownYet;
}

/**
 * A value for rules that compare its parts, which would take an unknown part for one that differs.
 *
 * @param value a value, any part of which may be unknown
 * @returns the value; where a part is unknown, the rule ends here
 */
export function knownThroughout<T>(value: T): T {
  if (!isKnown(value)) return refuse();
  if (typeof value === "object" && value !== null) Object.values(value).forEach(knownThroughout);
  return value;
}

/**
 * Runs rules as far as the values that they need are known.
 *
 * @param rules the rules, each independent of the others: one that needs an unknown value doesn't keep the others from
 * running
 */
export function* asFarAsKnown(...rules: readonly Iterable<Problem>[]): Generator<Problem> {
  for (const problems of rules) {
    try {
      yield* problems;
    } catch (error) {
      if (!(error instanceof NotKnownYet)) throw error;
    }
  }
}
