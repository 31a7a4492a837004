// Pulumi's entry point. Plain JavaScript, so that an older Node.js gets one message instead of a stack trace at the
// first type.
import { RunError, runtime } from "@pulumi/pulumi";
import { passOverEnd } from "./commands/bin/endedByEngine.js";
import { nodeProblem } from "./commands/bin/nodeVersion.js";

/** Runs the stack's program, whose exports are the stack's outputs. */
export default async function stack() {
  const problem = nodeProblem();
  if (problem !== undefined) throw new RunError(problem);
  if (runtime.hasEngine()) passOverEnd(process);
  // Passes the query on: a process that runs the program several times gives each run its own.
  const program = /** @type {Promise<object>} */ (import(`./index.ts${new URL(import.meta.url).search}`));
  return { ...(await program) };
}
