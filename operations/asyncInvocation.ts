import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { asyncInferencePrefixes } from "../sagemaker/asyncInference.ts";
import { awsReason } from "../releases/accessProblem.ts";
import { boundAnswers } from "../releases/boundedClient.ts";
import { CutOff } from "../releases/boundedBody.ts";
import { ownLimit } from "./answerLimits.ts";
import { explainAwsError } from "./awsErrors.ts";
import { awsSettings, patience } from "./awsSettings.ts";
import { contentTypeOf } from "../inference/contentType.ts";
import type { Answer, Invocation } from "./invocation.ts";
import { InvocationError, refusal } from "./invocationError.ts";
import type { EndpointTarget } from "./target.ts";

/** Where an async request and its answer are stored. */
export interface AsyncPlaces {
  /** The S3 URI of the request. */
  readonly input: string;
  /** The S3 URI of the answer. */
  readonly output: string;
  /** Where SageMaker writes the reason if the model fails; absent if SageMaker names no such place. */
  readonly failure?: string;
}

/** An async request that has been sent. */
export interface AsyncInvocation {
  /** Where the request and the answer are stored. */
  readonly places: AsyncPlaces;
  /**
   * Waits for the answer.
   *
   * @param seconds how long to wait
   * @throws InvocationError if the model fails or there is no answer in time
   */
  readonly answer: (seconds: number) => Promise<Answer>;
}

/**
 * Uploads a request to the bucket and queues it at the endpoint.
 *
 * @param target the endpoint
 * @param bucket the stack's bucket, from which the endpoint reads requests
 * @param invocation the request
 * @param pollInMilliseconds how often to look for the answer. Default: every second
 * @throws InvocationError if S3 or SageMaker refuses it
 */
export async function invokeAsync(
  target: EndpointTarget,
  bucket: string,
  invocation: Invocation,
  pollInMilliseconds = 1000,
): Promise<AsyncInvocation> {
  const { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } = await import("@aws-sdk/client-sagemaker-runtime");
  const { GetObjectCommand, PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const bounds = { limit: ownLimit, milliseconds: patience() };
  const s3 = boundAnswers(new S3Client(awsSettings(target)), bounds);
  const runtime = boundAnswers(new SageMakerRuntimeClient(awsSettings(target)), bounds);
  const { body, contentType, inferenceId, customAttributes } = invocation;
  const key = `${asyncInferencePrefixes.input}${randomUUID()}`;
  const input = `s3://${bucket}/${key}`;
  const places = await sent();

  async function sent(): Promise<AsyncPlaces> {
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    } catch (error) {
      const reason = awsReason(error as Error);
      throw new InvocationError("not allowed", `the request can't be uploaded to ${input}: ${reason}`, error);
    }
    try {
      const { OutputLocation = "", FailureLocation } = await runtime.send(
        new InvokeEndpointAsyncCommand({
          EndpointName: target.endpointName,
          InputLocation: input,
          ContentType: contentType,
          InferenceId: inferenceId,
          CustomAttributes: customAttributes,
        }),
      );
      return { input, output: OutputLocation, ...(FailureLocation !== undefined && { failure: FailureLocation }) };
    } catch (error) {
      throw explainAwsError(error, target);
    }
  }

  async function fetched(uri: string | undefined): Promise<Answer | undefined> {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri ?? "") ?? [];
    if (Bucket === undefined || Key === undefined) return undefined;
    try {
      const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { body: content, contentType: contentTypeOf(content, ContentType) };
    } catch (error) {
      // Without s3:ListBucket, S3 answers AccessDenied for an object that doesn't exist yet.
      if (["NoSuchKey", "NotFound", "AccessDenied"].includes((error as Error).name)) return undefined;
      const reason = awsReason(error as Error);
      const kind = error instanceof CutOff ? "bad answer" : "no connection";
      throw new InvocationError(kind, `the answer can't be read from ${uri ?? ""}: ${reason}`, error);
    }
  }

  return {
    places,
    answer: async (seconds) => {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const answer = await fetched(places.output);
        if (answer) return answer;
        const failure = await fetched(places.failure);
        if (failure) throw refusal(500, Buffer.from(failure.body).toString());
        if (Date.now() + pollInMilliseconds > end) break;
        await sleep(pollInMilliseconds);
      }
      throw new InvocationError(
        "timeout",
        `no answer within ${seconds} s; it will be in ${places.output}: allow more with --timeout`,
      );
    },
  };
}
