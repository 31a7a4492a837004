// Where Pulumi starts. Plain JavaScript: an older Node.js, which would end in a stack at the first type, says so in one line.
import { RunError, runtime } from "@pulumi/pulumi";
import { passOverEnd } from "./bin/endedByEngine.js";
import { nodeProblem } from "./bin/nodeVersion.js";

/** Runs the stack's program; what it exports are the stack's outputs. */
export default async function stack() {
  const problem = nodeProblem();
  if (problem !== undefined) throw new RunError(problem);
  if (runtime.hasEngine()) passOverEnd(process);
  // The query goes along: a process that runs the program several times gives each run one of its own.
  const program = /** @type {Promise<object>} */ (import(`./index.ts${new URL(import.meta.url).search}`));
  return { ...(await program) };
}
