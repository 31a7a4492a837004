import { applies, type FailureContext, type FailureRow } from "./row.ts";
import { failureGroups } from "./table.ts";

/** What a line of a log, or SageMaker's FailureReason, means and which setting fixes it. */
export interface Explanation {
  /** What is wrong, in a few words: `shared memory is too small`. */
  readonly cause: string;
  /** What to do, with the settings' names and the values that they have. */
  readonly remedy: string;
  /** `harmless` if the line only looks like a failure, `general` if another line may give the reason. Default: a failure's reason. */
  readonly kind?: FailureRow["kind"];
}

/**
 * Explains a line, or several that belong together.
 *
 * @param text a line of the container's log with or without its prefixes, or SageMaker's FailureReason
 * @param context the surroundings. Default: unknown
 * @returns the explanation; `undefined` if the line isn't known
 */
export function explain(text: string, context: FailureContext = {}): Explanation | undefined {
  const plain = plainText(text);
  for (const row of rows) {
    if (!applies(row, context)) continue;
    const found = row.pattern.exec(plain);
    if (!found) continue;
    const { cause, remedy, kind } = row;
    const known = valuesIn(remedy, context);
    return { cause: filled(cause, found), remedy: `${filled(remedy, found)}${known}`, ...(kind && { kind }) };
  }
  return undefined;
}

const all = Object.values(failureGroups).flat();

/** A row that names the reason comes before one that only reports the failure. */
const rows = [...all.filter(({ kind }) => kind !== "general"), ...all.filter(({ kind }) => kind === "general")];

/** The sum of a traceback; more would only slow the patterns down. */
const MOST_CHARACTERS = 8000;

/** Triton quotes its messages as JSON, and draws tables whose cells it wraps. */
function plainText(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replaceAll('\\"', '"').replaceAll("\\n", " ").replace(/\s+/g, " ");
}

/** Replaces the names of a pattern's groups by what they matched. */
function filled(text: string, { groups }: RegExpExecArray): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => groups?.[name] ?? whole);
}

/** The values of the settings that a remedy names, in parentheses. */
function valuesIn(remedy: string, { settings = {} }: FailureContext): string {
  const values = Object.entries(settings).filter(([name]) => names(remedy, name));
  return values.length === 0 ? "" : ` (${values.map(([name, value]) => `${name} is ${value}`).join(", ")})`;
}

/** Whether a text names a setting as a word of its own. */
function names(text: string, setting: string): boolean {
  const at = text.indexOf(setting);
  return at >= 0 && !/[\w.]/.test(text[at - 1] ?? "") && !/\w/.test(text[at + setting.length] ?? "");
}
