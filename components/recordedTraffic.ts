import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AsyncInferenceOptions } from "../endpoint/asyncInference.ts";
import type { CoreDumpOptions } from "../endpoint/coreDump.ts";
import type { DataCaptureOptions } from "../endpoint/dataCapture.ts";
import { asyncInferencePolicy, asyncInferencePrefixes } from "../sagemaker/asyncInference.ts";
import { dataCapturePolicy, dataCapturePrefix } from "../sagemaker/dataCapture.ts";
import { coreDumpPolicy, coreDumpPrefix } from "../sagemaker/debugging.ts";
import type { PolicyDocument } from "../sagemaker/policyDocument.ts";
import type { ModelServerArgs } from "./modelServer.ts";
import type { Expiration } from "./modelStorage.ts";

/** The features that store requests and responses in the bucket. */
interface Recording {
  readonly coreDump?: CoreDumpOptions;
  readonly asyncInference?: AsyncInferenceOptions;
  readonly dataCapture?: DataCaptureOptions;
}

/**
 * The lifetime of stored requests and responses.
 *
 * @param recording the features that store them
 */
export function trafficExpirations({ asyncInference, dataCapture, coreDump }: Recording): Expiration[] {
  const prefixes = Object.values(asyncInferencePrefixes);
  return [
    ...(asyncInference ? prefixes.map((prefix) => ({ prefix, days: asyncInference.expirationInDays })) : []),
    ...(dataCapture ? [{ prefix: dataCapturePrefix, days: dataCapture.expirationInDays }] : []),
    ...(coreDump ? [{ prefix: coreDumpPrefix, days: coreDump.expirationInDays }] : []),
  ];
}

/**
 * The execution role's policies for them, by purpose.
 *
 * @param recording what puts requests and responses into the bucket
 * @param bucket the bucket
 */
export function trafficPolicies(
  { asyncInference, dataCapture, coreDump }: Recording,
  bucket: aws.s3.Bucket,
): Record<string, pulumi.Output<PolicyDocument>> {
  const { successTopic, errorTopic } = asyncInference ?? {};
  const topics = [successTopic, errorTopic].filter((topic) => topic !== undefined);
  return {
    ...(asyncInference && {
      "async-inference": bucket.arn.apply((bucketArn) => asyncInferencePolicy(topics, bucketArn)),
    }),
    ...(dataCapture && { "data-capture": bucket.arn.apply(dataCapturePolicy) }),
    ...(coreDump && { "core-dump": bucket.arn.apply(coreDumpPolicy) }),
  };
}

/**
 * The endpoint configuration's blocks for them.
 *
 * @param recording the features that store requests and responses in the bucket
 * @param bucket the bucket
 * @param kmsKeyArn the key that encrypts them. Default: the bucket's own encryption
 */
export function trafficConfigs(
  { asyncInference, dataCapture, coreDump }: Recording,
  bucket: aws.s3.Bucket,
  kmsKeyArn: pulumi.Input<string> | undefined,
): Pick<ModelServerArgs, "asyncInferenceConfig" | "dataCaptureConfig" | "coreDumpConfig"> {
  const place = pulumi.all([bucket.bucket, kmsKeyArn]);
  return {
    asyncInferenceConfig:
      asyncInference && place.apply(([bucketName, key]) => asyncInferenceConfig(asyncInference, bucketName, key)),
    dataCaptureConfig:
      dataCapture && place.apply(([bucketName, key]) => dataCaptureConfig(dataCapture, bucketName, key)),
    coreDumpConfig: coreDump && {
      destinationS3Uri: pulumi.interpolate`s3://${bucket.bucket}/${coreDumpPrefix}`,
      kmsKeyId: kmsKeyArn,
    },
  };
}

function asyncInferenceConfig(
  { maxConcurrentInvocationsPerInstance, successTopic, errorTopic }: AsyncInferenceOptions,
  bucketName: string,
  kmsKeyId?: string,
) {
  const notifies = successTopic !== undefined || errorTopic !== undefined;
  return {
    outputConfig: {
      s3OutputPath: `s3://${bucketName}/${asyncInferencePrefixes.output}`,
      s3FailurePath: `s3://${bucketName}/${asyncInferencePrefixes.failure}`,
      kmsKeyId,
      notificationConfig: notifies ? { successTopic, errorTopic } : undefined,
    },
    clientConfig:
      maxConcurrentInvocationsPerInstance === undefined ? undefined : { maxConcurrentInvocationsPerInstance },
  };
}

/**
 * The endpoint configuration's data capture. JSON is stored as it is. Everything else is stored as Base64, including
 * Triton's binary tensors: they aren't text, and their content type,
 * `application/vnd.sagemaker-triton.binary+json;json-header-size=…`, has characters that SageMaker doesn't allow in a
 * content type.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureContentTypeHeader.html
 *
 * @param options which requests and responses to record
 * @param bucketName the bucket to store them in
 * @param kmsKeyId the key that encrypts them. Default: the bucket's own encryption
 */
export function dataCaptureConfig(
  { initialSamplingPercentage, input, output }: DataCaptureOptions,
  bucketName: string,
  kmsKeyId?: string,
) {
  return {
    destinationS3Uri: `s3://${bucketName}/${dataCapturePrefix}`,
    kmsKeyId,
    enableCapture: true,
    initialSamplingPercentage,
    captureOptions: [...(input ? [{ captureMode: "Input" }] : []), ...(output ? [{ captureMode: "Output" }] : [])],
    captureContentTypeHeader: { jsonContentTypes: ["application/json"] },
  };
}
