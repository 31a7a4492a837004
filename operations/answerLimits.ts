import type { BodyLimit } from "../releases/boundedBody.ts";

/**
 * SageMaker's limit for an answer of a real-time endpoint; a serverless one's is smaller.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html (Body)
 */
export const endpointLimit: BodyLimit = { bytes: 25 * 2 ** 20, of: "that SageMaker allows" };

/** The limit for what doesn't come through SageMaker's runtime: a server of `--url`, or an asynchronous answer in S3. */
export const ownLimit: BodyLimit = { bytes: 32 * 2 ** 20, of: "that are read at most" };

/** How much is read of a refusal, in bytes: far more than its reason has. */
export const refusalBytes = 2 ** 16;
