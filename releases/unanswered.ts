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
  const scaling = unscaled ? "; its autoscaling is still off, which that command repairs" : "";
  return `${error.message}. The state of the endpoint ${endpointName} isn't known, so nothing is deleted. ${remedy(error.cause)}: ${mend}${scaling}`;
}

function remedy(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : "";
  if (/Throttl|TooManyRequests|LimitExceeded|SlowDown/.test(name)) return "Later";
  return /AccessDenied|NotAuthorized/.test(name) ? "Allow this call, then" : "Then";
}
