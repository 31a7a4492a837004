import { describeProblem, type Problem } from "./problem.ts";

/** A model can't be read, packed or unpacked. The message is the complete text for the user. */
export class ModelError extends Error {
  /** The single problems; empty if the message says everything. */
  readonly problems: readonly Problem[];

  /**
   * @param message what failed, in one sentence
   * @param problems the problems, added to the message one per line
   */
  constructor(message: string, problems: readonly Problem[] = []) {
    super([message, ...problems.map((problem) => `  ${describeProblem(problem)}`)].join("\n"));
    this.name = "ModelError";
    this.problems = problems;
  }
}

/**
 * The error for a model that changes while it is read.
 *
 * @param path the file or folder that changed
 */
export function changedMeanwhile(path: string): ModelError {
  return new ModelError(`${path} changed while it was read: run this again when nothing is writing to the model`);
}

/**
 * Throws if a model has errors.
 *
 * @param what what can't be done, for example `models cannot be packed:`
 * @param problems the problems; warnings don't count
 * @throws ModelError listing every error
 */
export function refuseErrors(what: string, problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ModelError(what, errors);
}
