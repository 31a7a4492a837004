import { styleText } from "node:util";
import type { Problem } from "../triton/repository/problem.ts";
import { describeLeftOut } from "../triton/repository/leftovers.ts";
import { printableLine } from "./printable.ts";

/** The result of checking a model repository. */
export interface CheckReport {
  /** The folder or archive, as the user named it. */
  readonly source: string;
  /** A description of the target it was checked for; absent if nothing is known about it. */
  readonly checkedFor?: string;
  /** The models in it: the names of its folders. */
  readonly models: readonly string[];
  /** Files that aren't part of a model and are left out. */
  readonly leftOut: readonly string[];
  /** The number of errors. */
  readonly errors: number;
  /** The number of warnings. */
  readonly warnings: number;
  /** The problems, sorted by file and line. */
  readonly problems: readonly Problem[];
  /** The `config.pbtxt` that Triton ends up with, by model. Default: not requested. */
  readonly configs?: Readonly<Record<string, string>>;
}

/**
 * Formats the report for people: the problems by file, and their counts in the last line.
 *
 * @param report the result of the check
 * @param colours whether to use a terminal's colours
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
      : paint("green", `${printableLine(source)}: ${count(models.length, "model")}, no problems`);
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
