import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/**
 * The policy of an S3 gateway endpoint: allows reading and writing only certain buckets, so that instances can't move
 * data to others.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 *
 * @param bucketArns the buckets' ARNs
 */
export function s3EndpointPolicy(bucketArns: readonly string[]): PolicyDocument {
  return policyDocument({
    Sid: "TheseBucketsOnly",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    Resource: bucketArns.flatMap((arn) => [arn, `${arn}/*`]),
  });
}

/**
 * Denies every request to a bucket without TLS.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html (S3.5)
 *
 * @param bucketArn the bucket's ARN
 */
export function tlsOnlyPolicy(bucketArn: string): PolicyDocument {
  return policyDocument({
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/**
 * The policy of a bucket for server access logs: allows only S3's logging service to write, for one bucket, and only
 * TLS.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 *
 * @param logBucketArn the ARN of the bucket with the logs
 * @param bucketArn the ARN of the bucket whose requests are logged
 * @param accountId the account of both
 */
export function accessLogPolicy(logBucketArn: string, bucketArn: string, accountId: string): PolicyDocument {
  return policyDocument(
    {
      Sid: "WriteAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${logBucketArn}/*`,
      Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": bucketArn } },
    },
    ...tlsOnlyPolicy(logBucketArn).Statement,
  );
}

/**
 * Deletes untagged images, which an interrupted push leaves behind.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 *
 * @param days how long to keep an untagged image
 */
export function untaggedImagesLifecyclePolicy(days: number): object {
  return {
    rules: [
      {
        rulePriority: 1,
        description: `Delete untagged images after ${days} days`,
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: days },
        action: { type: "expire" },
      },
    ],
  };
}
