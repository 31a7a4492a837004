import { costSentences } from "../costs/describeCosts.ts";
import { hideSecrets } from "../hideSecrets.ts";
import type { Plan } from "../plan.ts";
import { imageChanges, type ImageChange } from "./imageChange.ts";
import { meaningOf } from "./meaning.ts";
import { modelChanges, type ModelChange } from "./modelChange.ts";
import { isCustom, resourceChanges, type ResourceChange } from "./resourceChanges.ts";
import { stackDifferences } from "./stackDifferences.ts";

/** How what a stack would register differs from what is deployed, or from another stack. */
export interface PlanChange {
  /** The project's name. */
  readonly project: string;
  /** The stack's name. */
  readonly stack: string;
  /** What it is compared with, for example a commit or `the stack dev`. */
  readonly against: string;
  /** Whether that is another stack, so that nothing becomes anything else. */
  readonly besides: boolean;
  /** What it means for the endpoint and its callers, in sentences. */
  readonly meaning: readonly string[];
  /** The resources that differ. */
  readonly resources: readonly ResourceChange[];
  /** The number of resources that stay as they are. */
  readonly unchanged: number;
  /** The images that differ. */
  readonly images: readonly ImageChange[];
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
  const compared = await comparison(before, after, against, resources);
  return {
    ...compared,
    besides: false,
    meaning: [...meaningOf(resources, is), ...costSentences(was, is)],
    unknown: [...unknown, ...hiddenIn(was, is)],
  };
}

/**
 * Compares two stacks beside each other.
 *
 * @param other the plan of the stack that is compared with
 * @param stack the plan of the stack
 */
export async function stacksBeside(other: Plan, stack: Plan): Promise<PlanChange> {
  const [was, is] = [hideSecrets(other), hideSecrets(stack)];
  const resources = stackDifferences(was, is);
  const compared = await comparison(other, stack, `the stack ${other.stack}`, resources);
  const meaning = [
    "Two stacks beside each other: neither becomes the other, and nothing is released.",
    ...costSentences(was, is),
  ];
  return { ...compared, besides: true, meaning, unknown: hiddenIn(was, is) };
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
  const nothing = { resources: [], unchanged: 0, images: [], models: [], unknown: [] };
  return { project, stack, against, besides: false, meaning, ...nothing };
}

/** What nobody can know without AWS and the engine's state. */
const unknown = [
  "Only a preview with the stack's state shows what was changed in AWS by hand, an upstream image whose tag moved, and operations that an interrupted update left pending.",
  "Names that Pulumi makes up are references here, such as ${triton-server-model.name}.",
];

async function comparison(before: Plan, after: Plan, against: string, resources: readonly ResourceChange[]) {
  const custom = after.resources.filter(isCustom).length;
  const changed = resources.filter(({ kind }) => kind !== "delete").length;
  return {
    project: after.project,
    stack: after.stack,
    against,
    resources,
    unchanged: custom - changed,
    images: imageChanges(before, after),
    models: await modelChanges(before, after),
  };
}

function hiddenIn(...plans: readonly Plan[]): string[] {
  return JSON.stringify(plans).includes("[secret]") ? ["Values shown as [secret] aren't compared."] : [];
}
