import type { Plan } from "./plan.ts";
import { countByType } from "./renderPlan.ts";

/**
 * Summarizes a plan in a few lines: its number of resources by service.
 *
 * @param plan the plan
 * @returns lines of at most 60 columns, if the stack's and the project's names are short
 */
export function summarizePlan(plan: Plan): string {
  const counts = new Map<string, number>();
  let all = 0;
  for (const [type, count] of Object.entries(countByType(plan))) {
    const service = type.replace(/\.[^.]*$| provider$/, "");
    counts.set(service, (counts.get(service) ?? 0) + count);
    all += count;
  }
  const lines = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([service, count]) => `${String(count).padStart(5)} ${service}`);
  return [`stack ${plan.stack} of ${plan.project}: ${all} resources`, ...lines].join("\n");
}
