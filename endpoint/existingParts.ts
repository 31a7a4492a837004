import { asyncInferencePrefixes } from "../sagemaker/asyncInference.ts";
import { dataCapturePrefix } from "../sagemaker/dataCapture.ts";
import { coreDumpPrefix } from "../sagemaker/debugging.ts";
import {
  bucketNameAllowed,
  bucketNamePattern,
  repositoryNameAllowed,
  repositoryNamePattern,
} from "../sagemaker/limits.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import { identifier } from "./fields.ts";
import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { knownThroughout } from "./unknownYet.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names and paths) */
const rolePattern = /^(arn:aws[a-z-]*:iam::\d{12}:role\/[!-~]+|([\w+=,.@-]+\/)*[\w+=,.@-]{1,64})$/;

/** A registry's host name would be a valid part of a repository's name. */
const nameWithoutRegistry = new RegExp(`(?!^\\d{12}\\.dkr\\.)${repositoryNamePattern.source}`);

/** Parts that somebody else made, used instead of the stack's own. Nothing is changed on them. */
export const existingPartFields = {
  bucket: identifier(bucketNamePattern, bucketNameAllowed).optional().meta({
    description: "Name of an existing bucket to upload models to. Default: a bucket is created.",
  }),
  repository: identifier(nameWithoutRegistry, `${repositoryNameAllowed}, without its registry`).optional().meta({
    description:
      "Name of an existing ECR repository, in the account and region of the endpoint, to copy the image to. Default: a repository is created.",
  }),
  role: identifier(rolePattern, "a role's name, with its path if it has one, or its ARN").optional().meta({
    description: "Name or ARN of an existing execution role, with all permissions. Default: a role is created.",
  }),
  logGroup: identifier(/^[\w./#-]{1,512}$/, "a log group's name, /aws/sagemaker/Endpoints/<endpointName>")
    .optional()
    .meta({
      description:
        "Name of the endpoint's log group, /aws/sagemaker/Endpoints/<endpointName>, if it exists. Default: created with monitoring, otherwise by SageMaker.",
    }),
};

/**
 * A warning that nothing expires in an existing bucket.
 *
 * @param endpoint the endpoint
 */
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
 * @param endpoint the endpoint
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
