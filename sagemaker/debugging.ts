import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/** The prefix of core dumps in the stack's bucket. */
export const coreDumpPrefix = "core-dumps/";

/**
 * Allows writing core dumps, and nothing else in the bucket.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html
 *
 * @param bucketArn the bucket's ARN
 */
export function coreDumpPolicy(bucketArn: string): PolicyDocument {
  return policyDocument({
    Sid: "WriteCoreDumps",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/${coreDumpPrefix}*`,
  });
}

/**
 * Allows opening a session in the container through AWS Systems Manager. The actions don't support resources.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html and
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
 */
export function ssmAccessPolicy(): PolicyDocument {
  return policyDocument({
    Sid: "OpenSessions",
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  });
}
