import * as pulumi from "@pulumi/pulumi";
import type { EndpointCoreDump, ResolvedAsyncInference, ResolvedDataCapture } from "../endpoint/endpointArgs.ts";
import { asyncInferencePolicy, asyncInferencePrefixes } from "../sagemaker/asyncInference.ts";
import { dataCapturePolicy, dataCapturePrefix } from "../sagemaker/dataCapture.ts";
import { coreDumpPolicy, coreDumpPrefix } from "../sagemaker/debugging.ts";
import type { PolicyDocument } from "../sagemaker/policyDocument.ts";
import type { ModelBucket } from "./existingParts.ts";
import type { ModelServerArgs } from "./modelServer.ts";
import type { Expiration } from "./modelStorage.ts";

/** The features that store requests and responses in the bucket. */
interface Recording {
  readonly coreDump?: EndpointCoreDump;
  readonly asyncInference?: ResolvedAsyncInference;
  readonly dataCapture?: ResolvedDataCapture;
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
  bucket: ModelBucket,
): Record<string, pulumi.Output<PolicyDocument>> {
  const { successTopic, errorTopic } = asyncInference ?? {};
  const topics = [successTopic, errorTopic].filter((topic) => topic !== undefined);
  return {
    ...(asyncInference && {
      "async-inference": pulumi
        .all([bucket.arn, pulumi.all(topics)])
        .apply(([bucketArn, topicArns]) => asyncInferencePolicy(topicArns, bucketArn)),
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
  bucket: ModelBucket,
  kmsKeyArn: pulumi.Input<string> | undefined,
): Pick<ModelServerArgs, "asyncInferenceConfig" | "dataCaptureConfig" | "coreDumpConfig"> {
  return {
    asyncInferenceConfig:
      asyncInference &&
      pulumi
        .all([pulumi.output(asyncInference), bucket.bucket, kmsKeyArn])
        .apply(([options, bucketName, key]) => asyncInferenceConfig(options, bucketName, key)),
    dataCaptureConfig:
      dataCapture &&
      pulumi
        .all([pulumi.output(dataCapture), bucket.bucket, kmsKeyArn])
        .apply(([options, bucketName, key]) => dataCaptureConfig(options, bucketName, key)),
    coreDumpConfig: coreDump && {
      destinationS3Uri: pulumi.interpolate`s3://${bucket.bucket}/${coreDumpPrefix}`,
      kmsKeyId: kmsKeyArn,
    },
  };
}

function asyncInferenceConfig(
  { maxConcurrentInvocationsPerInstance, successTopic, errorTopic }: pulumi.Unwrap<ResolvedAsyncInference>,
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
  { initialSamplingPercentage, input, output }: pulumi.Unwrap<ResolvedDataCapture>,
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
