import { readFileSync } from "node:fs";
import * as path from "node:path";
import { planChange, refusedChange, stacksBeside, type PlanChange } from "../preview/changes/planChange.ts";
import { planOfRef } from "../preview/changes/planOfRef.ts";
import { readPlan } from "../preview/changes/savedPlan.ts";
import type { Plan, PreviewOptions } from "../preview/plan.ts";
import { plannedStack } from "./plannedStack.ts";
import { interruption, takeAsTold } from "./run.ts";

/** What a stack is compared with: one of them. */
export interface Comparison {
  /** A commit, branch or tag. */
  readonly against?: string;
  /** Another stack. */
  readonly againstStack?: string;
  /** The path of a saved plan. */
  readonly againstFile?: string;
}

/** A stack, and how it differs. */
export interface ComparedPlan {
  /** What it is compared with. */
  readonly before: Plan;
  /** The stack's plan; absent if its program refuses the change. */
  readonly after?: Plan;
  /** How it differs. */
  readonly change: PlanChange;
}

/**
 * Plans a stack and what it is compared with.
 *
 * @param planned the stack
 * @param comparison what to compare it with
 * @throws Error if either can't be planned by itself
 */
export async function planAndChange(
  planned: PreviewOptions & { readonly directory: string },
  { against, againstStack, againstFile }: Comparison,
): Promise<ComparedPlan> {
  if (againstStack !== undefined) {
    const before = await plannedStack({ stack: againstStack, directory: planned.directory });
    const after = await plannedStack(planned);
    return { before, after, change: await stacksBeside(before, after) };
  }
  if (againstFile !== undefined) {
    const before = savedPlan(againstFile);
    await plannedStack(planned);
    return changeFrom(before, planned, againstFile);
  }
  const ref = against ?? "";
  const options = { directory: planned.directory, ref, stack: planned.stack, tell, signal: interruption() };
  // The other tree's program runs in a process of its own meanwhile.
  const [before, alone] = await Promise.allSettled([planOfRef(options), plannedStack(planned)]);
  if (before.status === "rejected") throw before.reason;
  if (alone.status === "rejected") throw alone.reason;
  return changeFrom(before.value, planned, ref);
}

/** The stack by itself is planned before: so what the program refuses here is an answer about the change. */
async function changeFrom(before: Plan, planned: PreviewOptions, against: string): Promise<ComparedPlan> {
  try {
    const after = await plannedStack({ ...planned, deployed: before });
    return { before, after, change: await planChange(before, after, against) };
  } catch (error) {
    takeAsTold(error);
    return { before, change: refusedChange(before, against, (error as Error).message) };
  }
}

function savedPlan(file: string): Plan {
  return readPlan(
    readFileSync(file, "utf8"),
    `${file}: isn't a plan: save one with npm run --silent plan -- --json > ${path.basename(file)}`,
  );
}

function tell(message: string): void {
  console.error(message);
}
