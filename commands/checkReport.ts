import { styleText } from "node:util";
import type { Problem } from "../triton/problem.ts";
import { describeLeftOut } from "../triton/leftovers.ts";
import { printableLine } from "./printable.ts";

/** What the check found in a model repository. */
export interface CheckReport {
  /** The folder or archive, as the user named it. */
  readonly source: string;
  /** What it was checked for, in words; absent where nothing of that is known. */
  readonly checkedFor?: string;
  /** The models in it: the names of its folders. */
  readonly models: readonly string[];
  /** What is no part of a model and left out. */
  readonly leftOut: readonly string[];
  /** How many of the problems keep it from being served. */
  readonly errors: number;
  /** How many are worth a look. */
  readonly warnings: number;
  /** The problems, sorted by file and line. */
  readonly problems: readonly Problem[];
  /** The `config.pbtxt` that Triton ends up with, by model. Default: not asked for. */
  readonly configs?: Readonly<Record<string, string>>;
}

/**
 * The report for people: the problems by file, and in the last line how many there are.
 *
 * @param report what was found
 * @param colours whether the text goes to a terminal that shows colours
 */
export function renderCheckReport(
  { source, checkedFor, models, leftOut, errors, warnings, problems }: CheckReport,
  colours: boolean,
): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text;
  const files = [...new Set(problems.map(({ path }) => path))].flatMap((path) => [
    paint("bold", printableLine(path === "." ? source : path)),
    ...problems.filter((problem) => problem.path === path).map((problem) => renderProblem(problem, paint)),
    "",
  ]);
  const counts = [count(errors, "error"), count(warnings, "warning")].filter((text) => !text.startsWith("0 "));
  const last =
    counts.length > 0
      ? `${printableLine(source)}: ${counts.join(", ")}`
      : paint("green", `${printableLine(source)}: ${count(models.length, "model")}, nothing to mend`);
  return [
    ...files,
    ...(leftOut.length > 0 ? [printableLine(describeLeftOut(leftOut))] : []),
    ...(checkedFor === undefined ? [] : [printableLine(`checked for ${checkedFor}`)]),
    last,
  ].join("\n");
}

function renderProblem(
  { severity, line, message, remedy, code }: Problem,
  paint: (format: Parameters<typeof styleText>[0], text: string) => string,
): string {
  const label = paint(severity === "error" ? "red" : "yellow", severity.padEnd(9));
  const place = line === undefined ? "" : `line ${line}: `;
  return `  ${label}${place}${printableLine(message)} ${paint("dim", `[${code}]`)}\n${" ".repeat(11)}${printableLine(remedy)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
