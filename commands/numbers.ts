import { InvalidArgumentError } from "commander";

/**
 * Parses an option that is a duration.
 *
 * @param text seconds, above 0
 * @throws InvalidArgumentError if it isn't one
 */
export function seconds(text: string): number {
  return above0(text, "Use a number of seconds above 0.");
}

/**
 * Parses an option that is a number above 0.
 *
 * @param text the number
 * @throws InvalidArgumentError if it isn't one
 */
export function positive(text: string): number {
  return above0(text, "Use a number above 0, at most 2000000.");
}

/**
 * Parses an option that is a whole number from 1.
 *
 * @param text the number
 * @throws InvalidArgumentError if it isn't one
 */
export function wholeNumber(text: string): number {
  const remedy = "Use a whole number from 1.";
  const number = above0(text, remedy);
  if (Number.isInteger(number)) return number;
  throw new InvalidArgumentError(remedy);
}

function above0(text: string, remedy: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number > 0 && number <= 2_000_000) return number;
  throw new InvalidArgumentError(remedy);
}
