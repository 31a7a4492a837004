import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/** The prefix of captured data in the stack's bucket. */
export const dataCapturePrefix = "data-capture/";

/**
 * Allows writing captured data, and nothing else in the bucket.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 *
 * @param bucketArn the bucket's ARN
 */
export function dataCapturePolicy(bucketArn: string): PolicyDocument {
  return policyDocument({
    Sid: "WriteCapturedData",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/${dataCapturePrefix}*`,
  });
}
