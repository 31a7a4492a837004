import type { EncodedBody } from "./inference.ts";

/**
 * A request as it goes to an endpoint. What SageMaker makes of each part:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export interface Invocation extends EncodedBody {
  /** The archive that answers, where the endpoint has many models. */
  readonly targetModel?: string;
  /** The variant that answers. Default: SageMaker chooses by weight. */
  readonly targetVariant?: string;
  /** Marks the request in captured data. */
  readonly inferenceId?: string;
  /** A stateful session: its id, or `NEW_SESSION`. */
  readonly sessionId?: string;
  /** Anything the container is to get, up to 1024 characters. */
  readonly customAttributes?: string;
}

/** An answer. */
export interface Answer {
  /** The body as the model sent it. */
  readonly body: Uint8Array;
  /** Its content type. */
  readonly contentType: string;
  /** The variant that answered; absent where a server was asked directly. */
  readonly variant?: string;
}

/** A way to send requests. */
export interface Sender {
  /**
   * Sends a request.
   *
   * @param invocation the request
   * @throws InvocationError where there is no answer
   */
  readonly send: (invocation: Invocation) => Promise<Answer>;
  /**
   * Sends a request whose answer comes in pieces.
   *
   * @param invocation the request
   * @throws InvocationError where there is no answer, or it breaks off
   */
  readonly stream: (invocation: Invocation) => AsyncIterable<Uint8Array>;
  /** Closes its connections. */
  readonly close: () => void;
}

/** How a sender behaves. */
export interface SenderOptions {
  /** How long an answer may take, in seconds. Default: 60, SageMaker's own limit for real-time inference. */
  readonly timeoutInSeconds?: number;
  /** How many connections are open at most. Default: 50. */
  readonly connections?: number;
  /** Whether a throttled or failed request is sent again, as AWS's tools do. Default: true. A server is asked once. */
  readonly retries?: boolean;
}

/** SageMaker ends a real-time request after this time. */
export const longestAnswerInSeconds = 60;
