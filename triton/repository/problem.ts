import { messageLine } from "../../text/printable.ts";
import type { ProblemCode, Severity } from "./problemCodes.ts";

/** A problem in a model repository. */
export interface Problem {
  /** A stable, greppable name in kebab case, for example `model-file-missing`. */
  readonly code: ProblemCode;
  /** An error keeps the model from being served, a warning doesn't. */
  readonly severity: Severity;
  /** The path, relative to the repository's root, with forward slashes; `.` is the root itself. */
  readonly path: string;
  /** The line in that file, from 1; absent if it isn't about a single line. */
  readonly line?: number;
  /** The problem: one sentence that names the value and what is allowed. */
  readonly message: string;
  /** The remedy, in one sentence. */
  readonly remedy: string;
}

/** Formats a problem as one line: path, message and remedy, escaped and shortened. */
export function describeProblem({ path, line, message, remedy, code }: Problem): string {
  return messageLine(`${line === undefined ? path : `${path}:${line}`}: ${message} ${remedy} [${code}]`);
}
