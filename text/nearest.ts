import * as levenshtein from "fastest-levenshtein";

/**
 * The known name that is most like a given one, for `did you mean …?`. Comparing takes time in proportion to both
 * lengths, so only the beginning of a long text is looked at.
 *
 * @param given the given name
 * @param known the known ones; at least one
 */
export function closest(given: string, known: readonly string[]): string {
  return levenshtein.closest(given.slice(0, longestName), known);
}

/**
 * The number of letters to insert, remove or replace to make a known name of a given one.
 *
 * @param given the given name
 * @param known the known one
 * @returns infinity for a text that is longer than any name
 */
export function distance(given: string, known: string): number {
  return given.length > longestName ? Infinity : levenshtein.distance(given, known);
}

const longestName = 100;
