import { mendingCommand } from "../releases/endpointState.ts";
import { time, unexplained } from "../releases/servedInstead.ts";
import type { EndpointStatus, VariantStatus } from "./endpointStatus.ts";
import { explain } from "./failures/explain.ts";
import type { FailureContext } from "./failures/row.ts";

/** What a stack's outputs say about its endpoint. */
export interface StackSays {
  /** The stack's name. */
  readonly stack?: string;
  /** The name of the endpoint's configuration. */
  readonly endpointConfigName?: string;
}

/**
 * Says what is wrong with an endpoint and what to do next, most urgent first.
 *
 * @param endpoint the endpoint
 * @param says what the stack says about it; empty if the user named the endpoint directly
 * @param context the surroundings of its containers. Default: unknown
 * @returns a sentence or two for each problem; empty if all is well
 */
export function* statusAdvice(
  endpoint: EndpointStatus,
  says: StackSays = {},
  context: FailureContext = {},
): Generator<string> {
  const because = (reason: string | undefined) => (reason ? `: ${explainedReason(reason, context)}` : "");
  const { endpointName, status, failureReason, endpointConfigName, changedAt } = endpoint;
  const mend = mendingCommand(says.stack);
  if (status === undefined) {
    yield `There is no endpoint ${endpointName}: check the name, the region and the account, or create it: ${mend}`;
    return;
  }
  const inTransition = ["Creating", "Updating", "SystemUpdating", "RollingBack"].includes(status);
  if (inTransition) yield `SageMaker is still working on it (${status}): check again in a few minutes.`;
  else if (status !== "InService") {
    yield `The endpoint is ${status}${because(failureReason)}. SageMaker can only delete such an endpoint: see "A failed endpoint" in docs/releases.md.`;
  } else if (says.endpointConfigName !== undefined && says.endpointConfigName !== endpointConfigName) {
    const serves = `The endpoint serves ${endpointConfigName ?? "no configuration"}, not ${says.endpointConfigName} as the stack says`;
    yield failureReason
      ? `${serves}: SageMaker rolled the release back${because(failureReason)}. Fix the cause, then: ${mend}`
      : `${serves}${changedAt ? `, and was last changed at ${time(changedAt)}` : ""}. ${unexplained}. To serve ${says.endpointConfigName}: ${mend}`;
  } else if (failureReason !== undefined) {
    yield `The last release was taken back${because(failureReason)}.`;
  }
  for (const variant of endpoint.variants) yield* variantAdvice(variant, inTransition, mend);
  for (const { alarmName, state, description } of endpoint.alarms) {
    if (state === "ALARM") yield `The alarm ${alarmName} is on${description ? `: ${description}` : ""}.`;
  }
  const [latest] = endpoint.scaling;
  if (latest?.status === "Failed") yield `The last scaling failed: ${explainedReason(latest.description, context)}`;
}

function* variantAdvice(variant: VariantStatus, inTransition: boolean, mend: string): Generator<string> {
  const { variantName, currentInstanceCount, desiredInstanceCount, modelName, modelExists } = variant;
  if (modelName !== undefined && !modelExists) {
    yield `The Model ${modelName} of variant ${variantName} is gone: running instances keep serving, but no new ones can start. Release again: ${mend}`;
  }
  if (inTransition || currentInstanceCount === undefined || desiredInstanceCount === undefined) return;
  if (currentInstanceCount < desiredInstanceCount) {
    yield `Variant ${variantName} has ${currentInstanceCount} of ${desiredInstanceCount} instances: they are being started, or AWS has none free.`;
  }
}

/**
 * SageMaker's reason with its cause and remedy, if they are known.
 *
 * @param reason SageMaker's reason
 * @param context the surroundings of the endpoint's containers
 */
export function explainedReason(reason: string, context: FailureContext): string {
  const words = reason.replace(/[.\s]+$/, "");
  const known = explain(reason, context);
  return known ? `${words} (${known.cause}: ${known.remedy})` : words;
}
