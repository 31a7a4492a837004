import type { ConfigPath } from "../config/modelConfig.ts";
import type { ProblemCode } from "./problemCodes.ts";

/** A problem that a rule found in a model, before it is known whether the start script loads that model. */
export interface Finding {
  /** Its stable code. */
  readonly code: ProblemCode;
  /** The problem, as a sentence. */
  readonly message: string;
  /** The remedy, as a sentence. */
  readonly remedy: string;
  /** The path in the model's `config.pbtxt`; absent for the file as a whole. */
  readonly at?: ConfigPath;
  /** Another affected file or folder, relative to the repository's root. */
  readonly path?: string;
  /** The line in that file, from 1. */
  readonly line?: number;
  /** The paths at which there is nothing, where that is what was found: of one that could not be read it does not hold. */
  readonly missing?: readonly string[];
}
