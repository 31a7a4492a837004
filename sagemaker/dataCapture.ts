import { policyDocument, type PolicyDocument } from "./policyDocument.ts";

/** What is kept of requests and answers. */
export interface DataCaptureOptions {
  /** How many of the requests are captured, in percent, a whole number from 0 to 100. */
  readonly initialSamplingPercentage: number;
  /** Whether what is asked is captured. Default: true. */
  readonly input?: boolean;
  /** Whether what is answered is captured. Default: true. */
  readonly output?: boolean;
  /** How long it is kept, in days, from 1. Default: 30. */
  readonly expirationInDays?: number;
}

/** How long captured data is kept where nothing is said, in days. */
export const defaultCaptureExpirationInDays = 30;

/** Where captured data lies in the stack's bucket. */
export const dataCapturePrefix = "data-capture/";

/**
 * Everything that speaks against a data capture.
 *
 * @param dataCapture the options, each value by itself sound
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function dataCaptureProblems({ input = true, output = true }: DataCaptureOptions): string[] {
  return input || output ? [] : ["captures neither input nor output: leave one of the two true"];
}

/**
 * The endpoint configuration's data capture, in the provider's words. JSON is kept as it is. Everything else is kept as
 * Base64, Triton's binary tensors among it: they are no text, and their content type,
 * `application/vnd.sagemaker-triton.binary+json;json-header-size=…`, has characters that SageMaker takes in none.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureContentTypeHeader.html
 *
 * @param options the options
 * @param bucketName the bucket's name
 * @param kmsKeyArn the KMS key that encrypts what is captured. Default: the bucket's own encryption
 */
export function dataCaptureConfig(options: DataCaptureOptions, bucketName: string, kmsKeyArn?: string) {
  const { initialSamplingPercentage, input = true, output = true } = options;
  return {
    destinationS3Uri: `s3://${bucketName}/${dataCapturePrefix}`,
    kmsKeyId: kmsKeyArn,
    enableCapture: true,
    initialSamplingPercentage,
    captureOptions: [...(input ? [{ captureMode: "Input" }] : []), ...(output ? [{ captureMode: "Output" }] : [])],
    captureContentTypeHeader: { jsonContentTypes: ["application/json"] },
  };
}

/**
 * Writing captured data, and nothing else in the bucket.
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
