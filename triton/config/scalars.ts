import type { TextValue } from "./textFormat.ts";

/**
 * The form that a scalar of the type must have, if the value doesn't have it.
 *
 * @param type the scalar's type in the schema, for example `int32`
 */
export function scalarProblem(type: string, { kind, text }: TextValue): string | undefined {
  switch (type) {
    case "string":
      return kind === "string" ? undefined : "a quoted string";
    case "bool":
      return kind === "word" && (/^(true|True|t|false|False|f)$/.test(text) || isBit(text))
        ? undefined
        : "true or false";
    case "float":
    case "double":
      return kind === "word" && number.test(text) ? undefined : "a number";
    default:
      return kind === "word" ? integerProblem(type, text) : integers(type);
  }
}

/** A decimal number; a leading 0 makes it octal, which fractions can't be. */
const number = /^-?((0|[1-9]\d*)(\.\d*)?|0*\.\d+)([eE][+-]?\d+)?[fF]?$|^-?(inf|infinity|nan)$/i;

/** Parses a whole number of protobuf's text format, decimal, octal or hexadecimal; `undefined` if it isn't one. */
export function integer(text: string): bigint | undefined {
  if (!/^-?(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) return undefined;
  const digits = text.replace("-", "");
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith("-") ? -size : size;
}

function isBit(text: string): boolean {
  return !text.startsWith("-") && [0n, 1n].includes(integer(text) ?? -1n);
}

function integerProblem(type: string, text: string): string | undefined {
  const number = integer(text);
  if (number === undefined) return integers(type);
  const bits = BigInt(type.endsWith("64") ? 64 : 32);
  const [least, most] = type.startsWith("u") ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return number < least || number > most ? `a whole number from ${least.toString()} to ${most.toString()}` : undefined;
}

function integers(type: string): string {
  return type.startsWith("u") ? "a whole number from 0" : "a whole number";
}
