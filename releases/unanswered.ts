import type { AwsError } from "./connection.ts";

/**
 * Says what follows from a request to AWS that failed while an endpoint is watched.
 *
 * @param error the failed request
 * @param endpointName the endpoint
 * @param unscaled whether autoscaling that an update removed is still missing
 * @param mend the command that continues
 */
export function unansweredProblem(error: AwsError, endpointName: string, unscaled: boolean, mend: string): string {
  return `${error.message}. The state of the endpoint ${endpointName} isn't known, so nothing is deleted. ${remedy(error.cause)}: ${mend}${scaling(unscaled)}`;
}

/**
 * Says what follows from a run that ends while an endpoint is being created or updated, for example by Ctrl-C.
 *
 * @param endpointName the endpoint
 * @param unscaled whether autoscaling that the update removed is still missing
 * @param mend the command that completes it
 */
export function interruptedRun(endpointName: string, unscaled: boolean, mend: string): string {
  return `this run was ended while SageMaker works on the endpoint ${endpointName}, so its outcome isn't known. Nothing is deleted. To complete it: ${mend}${scaling(unscaled)}`;
}

function scaling(missing: boolean): string {
  return missing ? ", which also restores its autoscaling" : "";
}

function remedy(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : "";
  if (/Throttl|TooManyRequests|LimitExceeded|SlowDown/.test(name)) return "Later";
  return /AccessDenied|NotAuthorized/.test(name) ? "Allow this call, then" : "Then";
}
