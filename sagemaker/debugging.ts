import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/** Where core dumps are in the stack's bucket. */
export const coreDumpPrefix = "core-dumps/";

/**
 * Writing core dumps, and nothing else in the bucket.
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
 * Opening a session in the container through AWS Systems Manager. The actions take no resource.
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
