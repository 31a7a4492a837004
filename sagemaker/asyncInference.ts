import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/**
 * Requests are queued, read from S3 and answered into S3.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export interface AsyncInferenceOptions {
  /** How many requests each instance gets at the same time, 1 to 1000. Default: decided by SageMaker. */
  readonly maxConcurrentInvocationsPerInstance?: number;
  /** The ARN of an SNS topic that is told of each answer. Default: none. */
  readonly successTopic?: string;
  /** The ARN of an SNS topic that is told of each failure. Default: none. */
  readonly errorTopic?: string;
  /** How long requests and answers stay in the bucket, in days, from 1. Default: 30. */
  readonly expirationInDays?: number;
}

/** Where requests and answers lie in the stack's bucket; each ends in `/`. */
export const asyncInferencePrefixes = {
  input: "async-inference/input/",
  output: "async-inference/output/",
  failure: "async-inference/failure/",
} as const;

/** How long requests and answers stay in the bucket where nothing is said, in days. */
export const defaultExpirationInDays = 30;

/**
 * The endpoint configuration's part, in the provider's words.
 *
 * @param options the options
 * @param bucketName the bucket's name
 * @param kmsKeyArn the KMS key that encrypts the answers. Default: the bucket's own encryption
 */
export function asyncInferenceConfig(options: AsyncInferenceOptions, bucketName: string, kmsKeyArn?: string) {
  const { maxConcurrentInvocationsPerInstance, successTopic, errorTopic } = options;
  return {
    outputConfig: {
      s3OutputPath: `s3://${bucketName}/${asyncInferencePrefixes.output}`,
      s3FailurePath: `s3://${bucketName}/${asyncInferencePrefixes.failure}`,
      kmsKeyId: kmsKeyArn,
      notificationConfig:
        successTopic === undefined && errorTopic === undefined ? undefined : { successTopic, errorTopic },
    },
    clientConfig:
      maxConcurrentInvocationsPerInstance === undefined ? undefined : { maxConcurrentInvocationsPerInstance },
  };
}

/**
 * Reading requests, writing answers, and telling the topics.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
 *
 * @param options the options
 * @param bucketArn the bucket's ARN
 */
export function asyncInferencePolicy(options: AsyncInferenceOptions, bucketArn: string): PolicyDocument {
  const { input, output, failure } = asyncInferencePrefixes;
  const topics = [...new Set([options.successTopic, options.errorTopic])].filter((topic) => topic !== undefined);
  return policyDocument(
    { Sid: "ReadRequests", Effect: "Allow", Action: "s3:GetObject", Resource: `${bucketArn}/${input}*` },
    {
      Sid: "WriteAnswers",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: [`${bucketArn}/${output}*`, `${bucketArn}/${failure}*`],
    },
    ...(topics.length === 0
      ? []
      : [{ Sid: "TellTopics", Effect: "Allow" as const, Action: "sns:Publish", Resource: topics }]),
  );
}
