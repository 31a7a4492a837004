import { oneLine } from "./accessProblem.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import { servedInstead, type Circumstances } from "./servedInstead.ts";

/**
 * The command that reconciles a stack's state with its endpoint.
 *
 * @param stack the stack's name; without it the command uses the selected stack
 */
export function mendingCommand(stack?: string): string {
  return `npm run up --${stack === undefined ? "" : ` --stack ${stack}`} --refresh`;
}

/**
 * Whether SageMaker is still working on the endpoint, so that the outcome isn't known yet.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 *
 * @param live the endpoint
 */
export function isInTransition(live: LiveEndpoint): boolean {
  return ["Creating", "Updating", "SystemUpdating", "RollingBack"].includes(live.status);
}

/**
 * Why SageMaker would refuse to update the endpoint now.
 *
 * @param live the endpoint
 * @returns the reason and the remedy; `undefined` if it would accept the update
 */
export function updateProblem(live: LiveEndpoint): string | undefined {
  if (isInTransition(live)) {
    return `the endpoint ${live.endpointName} is still ${live.status}, and SageMaker accepts no update until that is finished. Nothing was changed: try again later`;
  }
  return failure(live);
}

/**
 * Says what is wrong with an endpoint that should serve a configuration, including SageMaker's own reason.
 *
 * @param live the endpoint, or `undefined` if there is none
 * @param planned the endpoint's name and the configuration that it should serve
 * @param mend the command that fixes it
 * @param circumstances what explains that it serves another configuration
 * @returns what is wrong, what wasn't touched and how to fix it; `undefined` if the endpoint serves as planned
 */
export function releaseProblem(
  live: LiveEndpoint | undefined,
  planned: { readonly endpointName: string; readonly endpointConfigName: string },
  mend: string,
  circumstances: Circumstances = { updated: false },
): string | undefined {
  const { endpointName, endpointConfigName } = planned;
  if (!live) return `the endpoint ${endpointName} does not exist. To create it again: ${mend}`;
  const failed = failure(live);
  if (failed !== undefined) return failed;
  const reason = reasonOf(live);
  if (isInTransition(live)) {
    return `the endpoint ${endpointName} is still ${live.status}. ${kept} Once it is InService: ${mend}`;
  }
  if (live.endpointConfigName !== endpointConfigName) {
    return servedInstead(live, endpointConfigName, circumstances, mend);
  }
  if (live.status !== "InService") {
    return `the endpoint ${endpointName} is ${live.status}${reason}. ${kept} Fix the cause, then: ${mend}`;
  }
  return undefined;
}

/**
 * Describes the state of an endpoint whose update failed.
 *
 * @param live the endpoint, or `undefined` if there is none
 * @param planned the endpoint's name and the configuration that it should serve
 * @param mend the command that fixes it
 * @returns what is in service, including SageMaker's own reason, and how to fix it
 */
export function failureOutcome(
  live: LiveEndpoint | undefined,
  planned: { readonly endpointName: string; readonly endpointConfigName: string },
  mend: string,
): string {
  if (live?.status !== "InService") return releaseProblem(live, planned, mend) ?? "";
  const { endpointName, endpointConfigName } = live;
  return endpointConfigName === planned.endpointConfigName
    ? `the endpoint ${endpointName} serves ${endpointConfigName} anyway. To continue: ${mend}`
    : `the endpoint ${endpointName} still serves ${endpointConfigName}${reasonOf(live)}. ${kept} Fix the cause, then: ${mend}`;
}

/** In these states no update can fix the endpoint: SageMaker can only delete it. */
function failure(live: LiveEndpoint): string | undefined {
  const { endpointName, status } = live;
  if (!["Failed", "OutOfService", "Deleting"].includes(status)) return undefined;
  return `the endpoint ${endpointName} is ${status}${reasonOf(live)}. ${kept} SageMaker can only delete such an endpoint: see "A failed endpoint" in docs/releases.md`;
}

function reasonOf({ failureReason }: LiveEndpoint): string {
  return failureReason ? `: ${oneLine(failureReason)}` : "";
}

const kept = "No earlier release was deleted.";
