import { object, topicArn, wholeNumber } from "./fields.ts";

/**
 * Requests are queued, read from S3 and answered into S3.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export const asyncInferenceSchema = object({
  maxConcurrentInvocationsPerInstance: wholeNumber({ min: 1, max: 1000 })
    .optional()
    .meta({ description: "How many requests each instance gets at a time. Default: SageMaker decides." }),
  successTopic: topicArn()
    .optional()
    .meta({ description: "The ARN of an SNS topic to notify of each response. Default: none." }),
  errorTopic: topicArn()
    .optional()
    .meta({ description: "The ARN of an SNS topic to notify of each failure. Default: none." }),
  expirationInDays: wholeNumber({ min: 1, max: 3650 })
    .meta({ description: "How long requests and responses stay in the bucket, in days." })
    .default(30),
});
