import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  asyncInferenceConfig,
  asyncInferencePolicy,
  asyncInferencePrefixes,
  defaultExpirationInDays,
} from "../sagemaker/asyncInference.ts";
import {
  dataCaptureConfig,
  dataCapturePolicy,
  dataCapturePrefix,
  defaultCaptureExpirationInDays,
} from "../sagemaker/dataCapture.ts";
import type { PolicyDocument } from "../sagemaker/policyDocument.ts";
import type { ModelServerArgs } from "./modelServer.ts";
import type { Expiration } from "./modelStorage.ts";
import type { TritonEndpointArgs } from "./tritonEndpointArgs.ts";

/** What puts requests and answers into the bucket. */
type Recording = Pick<TritonEndpointArgs, "asyncInference" | "dataCapture">;

/**
 * What goes from the bucket after a time: requests and answers.
 *
 * @param recording what puts them there
 */
export function trafficExpirations({ asyncInference, dataCapture }: Recording): Expiration[] {
  const days = asyncInference?.expirationInDays ?? defaultExpirationInDays;
  return [
    ...(asyncInference ? Object.values(asyncInferencePrefixes).map((prefix) => ({ prefix, days })) : []),
    ...(dataCapture
      ? [{ prefix: dataCapturePrefix, days: dataCapture.expirationInDays ?? defaultCaptureExpirationInDays }]
      : []),
  ];
}

/**
 * What the execution role may do for it, by purpose.
 *
 * @param recording what puts requests and answers into the bucket
 * @param bucket the bucket
 */
export function trafficPolicies(
  { asyncInference, dataCapture }: Recording,
  bucket: aws.s3.Bucket,
): Record<string, pulumi.Output<PolicyDocument>> {
  return {
    ...(asyncInference && {
      "async-inference": bucket.arn.apply((bucketArn) => asyncInferencePolicy(asyncInference, bucketArn)),
    }),
    ...(dataCapture && { "data-capture": bucket.arn.apply(dataCapturePolicy) }),
  };
}

/**
 * The endpoint configuration's parts.
 *
 * @param recording what puts requests and answers into the bucket
 * @param bucket the bucket
 * @param kmsKeyArn the key that encrypts them, where there is one
 */
export function trafficConfigs(
  { asyncInference, dataCapture }: Recording,
  bucket: aws.s3.Bucket,
  kmsKeyArn: pulumi.Input<string> | undefined,
): Pick<ModelServerArgs, "asyncInferenceConfig" | "dataCaptureConfig"> {
  const place = pulumi.all([bucket.bucket, kmsKeyArn]);
  return {
    asyncInferenceConfig:
      asyncInference && place.apply(([bucketName, key]) => asyncInferenceConfig(asyncInference, bucketName, key)),
    dataCaptureConfig:
      dataCapture && place.apply(([bucketName, key]) => dataCaptureConfig(dataCapture, bucketName, key)),
  };
}
