import type { ConfigPath } from "./modelConfig.ts";
import type { ProblemCode } from "./problemCodes.ts";

/** What a rule found wrong with a model, before it is known whether the start loads that model. */
export interface Finding {
  /** Its stable name. */
  readonly code: ProblemCode;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** What mends it, as a sentence. */
  readonly remedy: string;
  /** Where in the model's `config.pbtxt`; absent: the file as a whole. */
  readonly at?: ConfigPath;
  /** Another file or folder that is at fault, relative to the repository's root. */
  readonly path?: string;
  /** The line in that file, from 1. */
  readonly line?: number;
  /** The paths at which there is nothing, where that is what was found: of one that could not be read it does not hold. */
  readonly missing?: readonly string[];
}
