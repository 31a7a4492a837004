/** The values that a backend takes for one of its parameters, which are all written as strings. */
export type ParameterKind = keyof typeof kinds;

interface Kind {
  readonly pattern: RegExp;
  /** The values, to follow `expects`. */
  readonly words: string;
  /** One of them. */
  readonly example: string;
}

/**
 * Sources: `ParseBoolValue` and `ParseIntValue`, which is C++'s `stoi` and drops what follows a number, in
 * https://github.com/triton-inference-server/backend/blob/main/src/backend_common.cc; the backends' own, which
 * `backendParameters.json` names.
 */
const kinds = {
  boolean: { pattern: /^(true|on|1|false|off|0)$/i, words: "true or false, on or off, 1 or 0", example: "true" },
  "true or false": { pattern: /^(true|false)$/, words: "true or false", example: "true" },
  "true or 1": { pattern: /^(true|1|false|0)$/i, words: "true or false, 1 or 0", example: "true" },
  "yes or no": { pattern: /^(yes|no)$/i, words: "yes or no", example: "yes" },
  integer: { pattern: /^\s*[+-]?\d/, words: "a whole number", example: "1" },
  digits: { pattern: /^\d+$/, words: "a whole number from 0", example: "1" },
  positive: { pattern: /^\s*\+?0*[1-9]\d*\s*$/, words: "a whole number from 1", example: "1" },
  bytes: { pattern: /^\s*\d/, words: "a number of bytes", example: "1073741824" },
  number: { pattern: /^\s*[+-]?(\d|\.\d)/, words: "a number", example: "0.5" },
  streams: { pattern: /^(auto|numa|\d+)$/i, words: "AUTO, NUMA or a whole number", example: "AUTO" },
  devices: { pattern: /^(cpu|gpu):\d+(;(cpu|gpu):\d+)*$/, words: "devices such as cpu:0;gpu:0", example: "cpu:0" },
  GPUs: { pattern: /^\s*\d+\s*(,\s*\d+\s*)+,?$/, words: "two or more GPUs such as 0,1", example: "0,1" },
  JSON: { pattern: /^\s*\{/, words: "a JSON object", example: "{}" },
  words: { pattern: /^/, words: "", example: "" },
  text: { pattern: /^/, words: "", example: "" },
} as const satisfies Record<string, Kind>;

/** The largest number that `stoi` takes. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/** The bounds of a parameter beside its kind. */
interface Bounds {
  readonly anyCase?: boolean;
  readonly max?: number;
}

/**
 * Checks whether a value is one of a kind.
 *
 * @param value as the configuration has it
 */
export function isOfKind(kind: ParameterKind, value: string, { anyCase = false, max }: Bounds = {}): boolean {
  if (!kinds[kind].pattern.test(anyCase ? value.toLowerCase() : value)) return false;
  if (kind === "JSON") return isJson(value);
  if (kind !== "integer" && kind !== "digits" && kind !== "positive") return true;
  const number = Number(/^\s*[+-]?\d+/.exec(value)?.[0]);
  if (max !== undefined) return number >= 0 && number <= max;
  return Math.abs(number) <= LARGEST_INTEGER;
}

/** Describes the values of a kind, to follow `expects`. */
export function kindInWords(kind: ParameterKind, { max }: Bounds = {}): string {
  return max === undefined ? kinds[kind].words : `a whole number from 0 to ${max}`;
}

/** A value of a kind. */
export function exampleOf(kind: ParameterKind): string {
  return kinds[kind].example;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
