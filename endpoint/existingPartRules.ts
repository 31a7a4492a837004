import { asyncInferencePrefixes } from "../sagemaker/asyncInference.ts";
import { dataCapturePrefix } from "../sagemaker/dataCapture.ts";
import { coreDumpPrefix } from "../sagemaker/debugging.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { knownThroughout } from "./unknownYet.ts";

/** A warning that nothing expires in an existing bucket. */
export function* expirationRules({ bucket, asyncInference, dataCapture, coreDump }: Endpoint): Generator<Problem> {
  const prefixes = [
    ...(asyncInference ? Object.values(asyncInferencePrefixes) : []),
    ...(dataCapture ? [dataCapturePrefix] : []),
    ...(coreDump ? [coreDumpPrefix] : []),
  ];
  if (bucket === undefined || prefixes.length === 0) return;
  yield {
    path: ["bucket"],
    code: "bucket-expiration",
    message: `isn't changed, so expirationInDays has no effect: let its own lifecycle expire ${prefixes.join(", ")}`,
    severity: "warning",
  };
}

/**
 * The rule for an existing log group: SageMaker writes to the one with the endpoint's name.
 *
 * @param defaultEndpointName the endpoint's name if endpointName isn't set, as far as it is known
 */
export function* logGroupRules(
  { logGroup, endpointName }: Endpoint,
  defaultEndpointName: string | undefined,
): Generator<Problem> {
  const name = endpointName ?? defaultEndpointName;
  if (logGroup === undefined || name === undefined || knownThroughout(logGroup) === logGroupName(name)) return;
  yield {
    path: ["logGroup"],
    code: "log-group-name",
    message: `must be ${logGroupName(name)}, to which SageMaker writes the endpoint's logs`,
  };
}
