import { describeLeftOut } from "../triton/repository/leftovers.ts";
import { describeProblem, type Problem } from "../triton/repository/problem.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { listed } from "../text/printable.ts";
import { log, RunError } from "../text/pulumi.ts";

/**
 * Logs what a model was checked for.
 *
 * @param source the model, as the user named it
 * @param checkedFor what for, in words; nothing is logged without
 */
export function logChecked(source: string, checkedFor: string | undefined): void {
  if (checkedFor !== undefined) void log.info(`${source}: checked for ${checkedFor}`);
}

/**
 * Logs what of a repository is left out.
 *
 * @param source the repository, as the user named it
 * @param contents what it holds
 */
export function logLeftOut(source: string, { leftOut }: RepositoryContents): void {
  if (leftOut.length > 0) void log.info(`${source}: ${describeLeftOut(leftOut)}`);
}

/**
 * The errors in words; the warnings are logged.
 *
 * @param source the repository, as the user named it
 * @param problems what the check found in it
 */
export function errorsIn(source: string, problems: readonly Problem[]): string[] {
  const warnings = problems
    .filter(({ severity }) => severity === "warning")
    .map((warning) => {
      const text = describeProblem(warning);
      return warning.path === "." ? source + text.slice(1) : `${source}/${text}`;
    });
  for (const warning of listed(warnings, `sagemaker-triton check ${source} --json prints all`)) void log.warn(warning);
  return problems.filter(({ severity }) => severity === "error").map(describeProblem);
}

/**
 * Ends the program where there are errors.
 *
 * @param what what has them, in words
 * @throws pulumi.RunError naming the first of them, and how many more there are
 */
export function refuse(what: string, errors: readonly string[]): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
  const lines = listed(errors).map((error) => `  ${error}`);
  throw new RunError(`${what} has ${count}:\n${lines.join("\n")}`);
}
