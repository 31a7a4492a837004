import { closest } from "../../text/nearest.ts";
import facts from "./serverOptions.json" with { type: "json" };
import { table } from "../../text/table.ts";

/** An option of `tritonserver`, as the command line gives it. */
export interface ServerOption {
  /** Its full name without dashes, for example `log-verbose`. */
  readonly name: string;
  /** Its value; absent if it takes none. */
  readonly value?: string;
}

/** The contents of a command line. */
export interface ServerOptions {
  /** The options that Triton would take. */
  readonly options: readonly ServerOption[];
  /**
   * Why Triton would refuse to start, each to be read after what holds the command line. A value may be a secret: none is
   * shown.
   */
  readonly faults: readonly string[];
}

/** The newest release whose options are known here, `YY.MM`. */
const newestKnownOptions = facts.newest;

/**
 * The options of a release.
 *
 * @param release `YY.MM`. Default: those of all releases from 23.07 on
 * @returns the names without dashes, and what `tritonserver --help` calls their values
 */
export function optionsOf(release?: string): ReadonlyMap<string, string | undefined> {
  const known = Object.entries(options).filter(([, { since = "" }]) => release === undefined || since <= release);
  return new Map(known.map(([name, { value }]) => [name, value]));
}

/**
 * Reads a command line as Triton does, with C's `getopt_long`: an option may be shortened as long as it stays unique, and its
 * value follows `=` or is the next word. The shell of the container's start parts it at spaces and leaves quotes alone.
 *
 * @param text the command line, for example `--log-verbose=1 --id eagle`
 * @param release the release that reads it, `YY.MM`. Default: unknown; an option of any release is taken
 */
export function readServerOptions(text: string, release?: string): ServerOptions {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const read: ServerOption[] = [];
  const faults: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [, given, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (given === undefined) {
      const quotes = /["']/.test(text) ? `; ${quotesStay}` : "";
      faults.push(
        `has a word that belongs to no option (word ${index + 1} of ${words.length}): ${writeOption}${quotes}`,
      );
      continue;
    }
    const name = fullName(given, release);
    if ("fault" in name) {
      if (name.fault !== undefined) faults.push(name.fault);
      // Whether the next word is its value is unknown.
      if (inline === undefined && words[index + 1]?.startsWith("-") === false) index += 1;
      continue;
    }
    const takesValue = options[name.found]?.value !== undefined;
    const next = takesValue && inline === undefined ? words[(index += 1)] : undefined;
    const value = inline ?? next;
    const fault = valueFault(name.found, takesValue, value, inline === undefined);
    if (fault === undefined) read.push({ name: name.found, ...(value !== undefined && { value }) });
    else faults.push(`has --${name.found} ${fault}`);
    if (fault !== undefined && next?.startsWith("--")) index -= 1;
  }
  return { options: read, faults };
}

/**
 * Finds a problem with an option's value.
 *
 * @param name the option, or `integer` or `float` for a value of that kind
 * @returns what it must be, to be read after `must be`; `undefined` if Triton takes it
 */
export function optionValueProblem(name: string, value: string): string | undefined {
  const { value: kind = name, form = kind } = options[name] ?? {};
  const { pattern, words } = choices[name] ?? forms[form] ?? anything;
  return pattern.test(value) ? undefined : words;
}

function fullName(given: string, release: string | undefined): { found: string } | { fault: string | undefined } {
  const names = [...optionsOf(release).keys()];
  if (names.includes(given)) return { found: given };
  const matching = names.filter((name) => name.startsWith(given));
  const [first, ...others] = matching;
  if (first !== undefined && others.length === 0) return { found: first };
  if (first !== undefined) {
    return { fault: `has --${given}, which may stand for ${listed(matching)}: write the whole name` };
  }
  // A release that came out since may have got it.
  if (release !== undefined && release > newestKnownOptions) return { fault: undefined };
  const since = options[given]?.since;
  if (since !== undefined && release !== undefined) {
    return {
      fault: `has --${given}, which Triton knows from ${since} on, and the image is ${release}, so the server would not start: use an image of ${since} or newer, or remove it`,
    };
  }
  const triton = release === undefined ? "no Triton knows" : `Triton ${release} doesn't know`;
  return {
    fault: `has --${given}, which ${triton}, so the server would not start: did you mean --${closest(given, names)}?`,
  };
}

function valueFault(
  name: string,
  takesValue: boolean,
  value: string | undefined,
  isNextWord: boolean,
): string | undefined {
  if (!takesValue) return value === undefined ? undefined : "with a value, but it takes none: remove the value";
  if (value === undefined || (isNextWord && value.startsWith("--"))) return `without its value: ${writeOption}`;
  const words = optionValueProblem(name, value);
  if (words === undefined) return undefined;
  return `with a value that Triton refuses: it must be ${words}${/["']/.test(value) ? `; ${quotesStay}` : ""}`;
}

const writeOption = "write each option as --option=value, without spaces in it";
const quotesStay = "the container's start passes quotes on as they are, so remove them";

type Facts = Readonly<
  Record<string, { readonly since?: string; readonly value?: string; readonly form?: string } | undefined>
>;

const options: Record<string, { since?: string; value?: string; form?: string }> & Facts = table(facts.options);

interface Form {
  readonly pattern: RegExp;
  readonly words: string;
}

/** Triton's own conversions, such as C++'s `stoi`, read the beginning of a value and drop the rest. */
const forms: Readonly<Record<string, Form | undefined>> = table({
  boolean: { pattern: /^(true|false|on|off|1|0)$/i, words: "true or false" },
  integer: { pattern: /^[+-]?\d/, words: "a whole number" },
  "integer or boolean": { pattern: /^([+-]?\d|(true|false)$)/i, words: "a whole number, true or false" },
  float: { pattern: /^[+-]?(\.?\d|inf|nan)/i, words: "a number" },
  "<string>=<string>": { pattern: /^[^,=]+=.+$/s, words: "<setting>=<value>" },
  "<string>,<string>=<string>": { pattern: /^[^,]+,[^=]+=.+$/s, words: "<name>,<setting>=<value>" },
  "[<string>,]<string>=<string>": {
    pattern: /^([^,]+,[^=]+=.+|[^,=]+=[^,]+)$/s,
    words: "<name>,<setting>=<value> or <setting>=<value>",
  },
  "<string>:<string>=<string>": { pattern: /^[^:]+:[^=]+=.+$/s, words: "<names>:<key>=<value>" },
  "<integer>-<integer>": { pattern: /^[+]?\d[^-]*-[+-]?\d/, words: "<number>-<number>" },
  "<integer>:<integer>": { pattern: /^[+-]?\d[^:]*:[+-]?\d/, words: "<GPU>:<bytes>" },
  "<integer>:<float>": { pattern: /^[+-]?\d[^:]*:[+-]?(\.?\d|inf|nan)/i, words: "<GPU>:<share of its memory>" },
  "<string>:<integer>[:<integer>]": {
    pattern: /^[^:]*:[+-]?\d[^:]*(:[+-]?\d[^:]*)?$/,
    words: "<resource>:<count> or <resource>:<count>:<GPU>",
  },
});

const anything: Form = { pattern: /^/, words: "" };

/** Options that take one of a few words. */
const choices: Readonly<Record<string, Form | undefined>> = table({
  "model-control-mode": { pattern: /^(none|poll|explicit)$/i, words: "none, poll or explicit" },
  "rate-limit": { pattern: /^(execution_count|off)$/i, words: "execution_count or off" },
  "log-format": { pattern: /^(default|ISO8601)$/, words: "default or ISO8601" },
  "grpc-infer-response-compression-level": { pattern: /^(none|low|medium|high)$/i, words: "none, low, medium or high" },
  "grpc-infer-thread-count": {
    pattern: /^\+?0*([2-9]|[1-9]\d|1[01]\d|12[0-8])(\D|$)/,
    words: "a whole number from 2 to 128",
  },
  "grpc-max-response-pool-size": { pattern: /^\+?0*[1-9]/, words: "a whole number above 0" },
  "http-max-input-size": { pattern: /^\+?0*[1-9]/, words: "a whole number above 0" },
  "trace-level": { pattern: /^(true|false|on|off|min|max|timestamps|tensors)$/i, words: "OFF, TIMESTAMPS or TENSORS" },
});

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => `--${name}`);
  return names.length > shown.length ? `${shown.join(", ")} and others` : shown.join(" or ");
}
