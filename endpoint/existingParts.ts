import {
  bucketNameAllowed,
  bucketNamePattern,
  repositoryNameAllowed,
  repositoryNamePattern,
} from "../sagemaker/limits.ts";
import { identifier } from "./fields.ts";

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
