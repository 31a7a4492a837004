import * as pulumi from "@pulumi/pulumi";
import { describeLeftOut } from "../triton/repository/leftovers.ts";
import { describeProblem, type Problem } from "../triton/repository/problem.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";

/**
 * Logs what a model was checked for.
 *
 * @param source the model, as the user named it
 * @param checkedFor what for, in words; nothing is logged without
 */
export function logChecked(source: string, checkedFor: string | undefined): void {
  if (checkedFor !== undefined) void pulumi.log.info(`${source}: checked for ${checkedFor}`);
}

/**
 * Logs what of a repository is left out.
 *
 * @param source the repository, as the user named it
 * @param contents what it holds
 */
export function logLeftOut(source: string, { leftOut }: RepositoryContents): void {
  if (leftOut.length > 0) void pulumi.log.info(`${source}: ${describeLeftOut(leftOut)}`);
}

/**
 * The errors in words; the warnings are logged.
 *
 * @param source the repository, as the user named it
 * @param problems what the check found in it
 */
export function errorsIn(source: string, problems: readonly Problem[]): string[] {
  for (const warning of problems.filter(({ severity }) => severity === "warning")) {
    const text = describeProblem(warning);
    void pulumi.log.warn(warning.path === "." ? source + text.slice(1) : `${source}/${text}`);
  }
  return problems.filter(({ severity }) => severity === "error").map(describeProblem);
}

/**
 * Ends the program where there are errors.
 *
 * @param what what has them, in words
 * @param errors the errors
 * @throws pulumi.RunError naming all of them
 */
export function refuse(what: string, errors: readonly string[]): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
  throw new pulumi.RunError(`${what} has ${count}:\n${errors.map((error) => `  ${error}`).join("\n")}`);
}
