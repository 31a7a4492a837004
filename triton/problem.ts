import type { ProblemCode, Severity } from "./problemCodes.ts";

/** One thing found wrong with a model repository. */
export interface Problem {
  /** A stable, greppable name in kebab case, for example `model-file-missing`. */
  readonly code: ProblemCode;
  /** Whether the model can be served all the same. */
  readonly severity: Severity;
  /** Where: a path relative to the repository's root, with forward slashes; `.` is the root itself. */
  readonly path: string;
  /** The line in that file, from 1; absent where no single line is at fault. */
  readonly line?: number;
  /** What is wrong: one sentence that names the value and what is allowed. */
  readonly message: string;
  /** What mends it: one sentence. */
  readonly remedy: string;
}

/**
 * A problem in one line for people: where, what is wrong, and what mends it.
 *
 * @param problem the problem
 */
export function describeProblem({ path, line, message, remedy, code }: Problem): string {
  return `${line === undefined ? path : `${path}:${line}`}: ${message} ${remedy} [${code}]`;
}
