import { printableLine } from "../../text/printable.ts";
import { changeSections, changeSummary } from "./changeLines.ts";
import type { PlanChange } from "./planChange.ts";

/**
 * Renders a change for people: first what it means, then each resource with the inputs that cause it.
 *
 * @param change the change
 * @returns lines without colours, ready to print
 */
export function renderChange(change: PlanChange): string {
  const sections = changeSections(change);
  return [
    `stack ${change.stack} of ${change.project}, against ${change.against}`,
    "",
    ...change.meaning,
    "",
    changeSummary(change),
    ...sections.flatMap(({ heading, lines }) => ["", heading, ...lines.map((line) => `  ${line}`)]),
    ...(sections.length > 0 && change.unknown.length > 0 ? ["", ...change.unknown] : []),
  ]
    .map(printableLine)
    .join("\n");
}
