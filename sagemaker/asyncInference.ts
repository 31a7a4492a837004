import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/** The prefixes of requests and answers in the stack's bucket; each ends in `/`. */
export const asyncInferencePrefixes = {
  input: "async-inference/input/",
  output: "async-inference/output/",
  failure: "async-inference/failure/",
} as const;

/**
 * Allows reading requests, writing answers, and publishing to the topics.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
 *
 * @param topicArns the topics for responses and failures
 * @param bucketArn the bucket's ARN
 */
export function asyncInferencePolicy(topicArns: readonly string[], bucketArn: string): PolicyDocument {
  const { input, output, failure } = asyncInferencePrefixes;
  const topics = [...new Set(topicArns)];
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
