import { costSentences } from "../costs/describeCosts.ts";
import { hideSecrets } from "../hideSecrets.ts";
import type { Plan } from "../plan.ts";
import { meaningOf } from "./meaning.ts";
import { modelChanges, type ModelChange } from "./modelChange.ts";
import { isCustom, resourceChanges, type ResourceChange } from "./resourceChanges.ts";

/** How what a stack would register differs from what is deployed. */
export interface PlanChange {
  /** The project's name. */
  readonly project: string;
  /** The stack's name. */
  readonly stack: string;
  /** What it is compared with, for example a commit. */
  readonly against: string;
  /** What it means for the endpoint and its callers, in sentences. */
  readonly meaning: readonly string[];
  /** The resources that differ. */
  readonly resources: readonly ResourceChange[];
  /** The number of resources that stay as they are. */
  readonly unchanged: number;
  /** The packed models that differ. */
  readonly models: readonly ModelChange[];
  /** What only the engine can know, and what isn't compared. */
  readonly unknown: readonly string[];
}

/**
 * Compares what is deployed with what is to be deployed.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 * @param against what `before` is, for people
 */
export async function planChange(before: Plan, after: Plan, against: string): Promise<PlanChange> {
  const [was, is] = [hideSecrets(before), hideSecrets(after)];
  const resources = resourceChanges(was, is);
  const custom = is.resources.filter(isCustom).length;
  const changed = resources.filter(({ kind }) => kind !== "delete").length;
  return {
    project: is.project,
    stack: is.stack,
    against,
    meaning: [...meaningOf(resources, is), ...costSentences(was, is)],
    resources,
    unchanged: custom - changed,
    models: await modelChanges(before, after),
    unknown: [
      "What was changed in AWS by hand, and an upstream image whose tag moved, shows in a preview only.",
      ...(JSON.stringify([was, is]).includes("[secret]") ? ["Values shown as [secret] aren't compared."] : []),
    ],
  };
}

/**
 * The change of a stack whose program refuses it.
 *
 * @param before the plan of what is deployed
 * @param against what `before` is, for people
 * @param reasons why it is refused, as the program says
 */
export function refusedChange({ project, stack }: Plan, against: string, reasons: string): PlanChange {
  const meaning = reasons.split("\n").map((reason) => `Refused: ${reason}`);
  return { project, stack, against, meaning, resources: [], unchanged: 0, models: [], unknown: [] };
}
