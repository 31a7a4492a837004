import type { EncodedBody } from "../inference/index.ts";

/**
 * A request to an endpoint. What SageMaker does with each part:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export interface Invocation extends EncodedBody {
  /** The model archive to answer with, on an endpoint with many models. */
  readonly targetModel?: string;
  /** The variant to answer with. Default: SageMaker chooses by weight. */
  readonly targetVariant?: string;
  /** Marks the request in captured data. */
  readonly inferenceId?: string;
  /** A stateful session: its id, or `NEW_SESSION`. */
  readonly sessionId?: string;
  /** Passed on to the container, up to 1024 characters. */
  readonly customAttributes?: string;
}

/** An answer. */
export interface Answer {
  /** The body as the model sent it. */
  readonly body: Uint8Array;
  /** Its content type. */
  readonly contentType: string;
  /** The variant that answered; absent for a server outside SageMaker. */
  readonly variant?: string;
}

/** Sends requests to a target. */
export interface Sender {
  /**
   * Sends a request.
   *
   * @param invocation the request
   * @throws InvocationError if there is no answer
   */
  readonly send: (invocation: Invocation) => Promise<Answer>;
  /**
   * Sends a request whose answer is streamed.
   *
   * @param invocation the request
   * @throws InvocationError if there is no answer or it is cut off
   */
  readonly stream: (invocation: Invocation) => AsyncIterable<Uint8Array>;
  /** Closes its connections. */
  readonly close: () => void;
}

/** Timeout, connections and retries of a sender. */
export interface SenderOptions {
  /** How long an answer may take, in seconds. Default: 60, SageMaker's own limit for real-time inference. */
  readonly timeoutInSeconds?: number;
  /** The maximum number of open connections. Default: 50. */
  readonly connections?: number;
  /**
   * Whether to retry a throttled or failed request, as AWS's tools do. Default: true. Requests to a server outside
   * SageMaker are never retried.
   */
  readonly retries?: boolean;
}

/** SageMaker's time limit for a real-time request. */
export const longestAnswerInSeconds = 60;
