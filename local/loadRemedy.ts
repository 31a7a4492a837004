import type { FailureContext } from "../operations/failures/row.ts";
import { LineExplainer } from "../operations/failures/lineExplainer.ts";

/**
 * The causes and remedies of a failure of Triton on this machine, from the table that explains the container's log.
 *
 * @param reason Triton's own reason
 * @param context its surroundings. Default: the local Triton
 * @returns a line for each known cause; empty if there is none
 */
export function loadRemedy(reason: string, context: FailureContext = { local: true }): string {
  const explainer = new LineExplainer(context);
  // Triton's reason is complete, so a line that only reports a failure adds nothing.
  const known = reason.split("\n").flatMap((line) => {
    const found = explainer.explain(line);
    return found && found.kind === undefined ? [`\n→ ${found.cause}: ${found.remedy}.`] : [];
  });
  return [...new Set(known)].join("");
}
