import { describeProblem, type Problem } from "./problem.ts";

/** A model that cannot be read, packed or unpacked. The message is the whole text for the user. */
export class ModelError extends Error {
  /** What is wrong, one by one; empty where the message says it all. */
  readonly problems: readonly Problem[];

  /**
   * @param message what failed, in one sentence
   * @param problems the reasons, added to the message one a line
   */
  constructor(message: string, problems: readonly Problem[] = []) {
    super([message, ...problems.map((problem) => `  ${describeProblem(problem)}`)].join("\n"));
    this.name = "ModelError";
    this.problems = problems;
  }
}

/**
 * The error of a model that does not hold still.
 *
 * @param path the file or folder that changed
 */
export function changedMeanwhile(path: string): ModelError {
  return new ModelError(`${path} changed while it was read: run this again when nothing writes to the model any more`);
}

/**
 * Throws where a model has errors.
 *
 * @param what what cannot be done, for example `models cannot be packed:`
 * @param problems what was found; warnings do not count
 * @throws ModelError naming every error
 */
export function refuseErrors(what: string, problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ModelError(what, errors);
}
