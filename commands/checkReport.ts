import { styleText } from "node:util";
import { describeTarget, type CheckTarget } from "../sagemaker/checkTarget.ts";
import type { Problem } from "../triton/repository/problem.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { subfolders } from "../triton/repository/servedModel.ts";
import { describeLeftOut } from "../triton/repository/leftovers.ts";
import { countOfMore, messageLine, mostListed, shortened } from "../text/printable.ts";

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
 * The result of a check.
 *
 * @param source the folder or archive, as the user named it
 * @param contents what is in it
 * @param target what it was checked for
 * @param problems what the check found
 */
export function checkReportOf(
  source: string,
  contents: RepositoryContents,
  target: CheckTarget,
  problems: readonly Problem[],
): CheckReport {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return {
    source,
    checkedFor: describeTarget(target),
    models: subfolders(contents, ""),
    leftOut: contents.leftOut,
    errors,
    warnings: problems.length - errors,
    problems,
  };
}

/**
 * Formats the report for people: the problems by file, and their counts in the last line. Of a great many problems the
 * first are printed, errors before warnings.
 *
 * @param report the result of the check
 * @param colours whether to use a terminal's colours
 */
export function renderCheckReport(
  { source, checkedFor, models, leftOut, errors, warnings, problems }: CheckReport,
  colours: boolean,
): string {
  const paint: Paint = (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text);
  const shown = problems.length > mostListed ? problems.toSorted(bySeverity).slice(0, mostListed) : problems;
  const files = [...Map.groupBy(shown, ({ path }) => path)].flatMap(([path, found]) => [
    paint("bold", messageLine(path === "." ? source : path)),
    ...found.map((problem) => renderProblem(problem, paint)),
    "",
  ]);
  const more = countOfMore(problems.length);
  const counts = [count(errors, "error"), count(warnings, "warning")].filter((text) => !text.startsWith("0 "));
  const name = messageLine(source);
  const last =
    counts.length > 0
      ? `${name}: ${counts.join(", ")}`
      : paint("green", `${name}: ${count(models.length, "model")}, no problems`);
  return [
    ...files,
    ...(more === undefined ? [] : [`${more}: --json prints all of them`, ""]),
    ...(leftOut.length > 0 ? [messageLine(describeLeftOut(leftOut))] : []),
    ...(checkedFor === undefined ? [] : [messageLine(`checked for ${checkedFor}`)]),
    last,
  ].join("\n");
}

/**
 * The report for programs: all problems, in words of a length that is bounded.
 *
 * @param report the result of the check
 */
export function checkReportJson(report: CheckReport): string {
  const problems = report.problems.map((problem) => ({
    ...problem,
    message: shortened(problem.message),
    remedy: shortened(problem.remedy),
  }));
  return JSON.stringify({ ...report, problems }, undefined, 2);
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

function renderProblem({ severity, line, message, remedy, code }: Problem, paint: Paint): string {
  const label = paint(severity === "error" ? "red" : "yellow", severity.padEnd(9));
  const place = line === undefined ? "" : `line ${line}: `;
  return `  ${label}${place}${messageLine(message)} ${paint("dim", `[${code}]`)}\n${" ".repeat(11)}${messageLine(remedy)}`;
}

function bySeverity(one: Problem, other: Problem): number {
  return Number(one.severity === "warning") - Number(other.severity === "warning");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
