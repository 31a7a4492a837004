import { oneLine } from "./accessProblem.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import type { EndpointTags } from "./memory.ts";

/** An endpoint configuration that SageMaker still has. */
export interface ExistingConfiguration {
  /** When it was created. */
  readonly createdAt?: Date;
  /** Its tags. */
  readonly tags: EndpointTags;
}

/** Circumstances that tell why an endpoint serves another configuration than planned. */
export interface Circumstances {
  /** Whether this run updated the endpoint. */
  readonly updated: boolean;
  /** The configuration that this run left in the stack's state, whatever is planned. Default: unknown. */
  readonly recorded?: string;
  /** The configuration in service, as SageMaker describes it. Default: unknown. */
  readonly serving?: ExistingConfiguration;
}

/** All that can be said if SageMaker serves another configuration without a reason. */
export const unexplained =
  "SageMaker gives no reason, so somebody may have updated it, or SageMaker may have rolled a release back: CloudTrail's UpdateEndpoint events show which";

/**
 * Says what is known about why an endpoint serves another configuration than planned. Only SageMaker's own reason shows
 * that a release was rolled back.
 *
 * @param live the endpoint
 * @param planned the name of the configuration that it should serve
 * @param circumstances what else is known
 * @param mend the command that fixes it
 */
export function servedInstead(
  live: LiveEndpoint,
  planned: string,
  { updated, recorded, serving }: Circumstances,
  mend: string,
): string {
  const { endpointName, endpointConfigName, failureReason, changedAt } = live;
  const serves = `the endpoint ${endpointName} serves ${endpointConfigName}, not ${planned}`;
  if (!updated && recorded !== undefined && recorded !== planned) {
    return `${serves}: this run didn't update it, because --target or --exclude left it out. No earlier release was deleted. To update it: ${mend}`;
  }
  if (failureReason) {
    return `${serves}: SageMaker rolled the release back: ${oneLine(failureReason)}. No earlier release was deleted. Fix the cause, then: ${mend}`;
  }
  const facts = [
    updated ? "this run updated it" : "this run didn't update it",
    ...(changedAt ? [`it was last changed at ${time(changedAt)}`] : []),
    ...(serving ? [`${endpointConfigName} was created ${at(serving.createdAt)}with ${tagList(serving.tags)}`] : []),
  ];
  return `${serves}: ${facts.join(", and ")}. ${unexplained}. To serve ${planned}: ${mend}`;
}

/** A time to the second in UTC, as in CloudTrail. */
export function time(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function at(date: Date | undefined): string {
  return date ? `at ${time(date)} ` : "";
}

function tagList(tags: EndpointTags): string {
  const list = Object.entries(tags).map(([key, value]) => oneLine(`${key}=${value}`));
  return list.length === 0 ? "no tags" : `the tags ${list.join(", ")}`;
}
