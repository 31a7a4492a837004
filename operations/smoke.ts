import type { EndpointStatus } from "./endpointStatus.ts";
import type { FailureContext } from "./failures/row.ts";
import { explainedReason, type StackSays } from "./statusAdvice.ts";

/** A promise that a deployment keeps or breaks. */
export interface Promised {
  /** The promise in words. */
  readonly promise: string;
  /** Whether it is kept. */
  readonly kept: boolean;
  /** What was found. */
  readonly found: string;
}

/** How the endpoint answered the model's example request. */
export interface SmokeAnswer {
  /** The time of the fastest answer after the first, from sending to the last byte, in milliseconds. */
  readonly milliseconds: number;
  /** How the answer differs from the expected one; empty if it doesn't; `undefined` if no expected answer is known. */
  readonly differences?: readonly string[];
}

/**
 * Checks what a deployment promises about its endpoint, before any request.
 *
 * @param endpoint the endpoint's state
 * @param says what the stack's outputs say about it
 * @param context the surroundings of its containers. Default: unknown
 */
export function* endpointPromises(
  endpoint: EndpointStatus,
  says: StackSays,
  context: FailureContext = {},
): Generator<Promised> {
  const { status, endpointConfigName, variants, failureReason } = endpoint;
  const reason = failureReason === undefined ? "" : `: ${explainedReason(failureReason, context)}`;
  yield {
    promise: "the endpoint is InService",
    kept: status === "InService",
    found: `${status ?? "there is no such endpoint"}${reason}`,
  };
  if (status === undefined) return;
  if (says.endpointConfigName !== undefined) {
    yield {
      promise: "it serves the stack's configuration",
      kept: endpointConfigName === says.endpointConfigName,
      found: endpointConfigName ?? "none",
    };
  }
  for (const { variantName, currentInstanceCount, desiredInstanceCount, modelName, modelExists } of variants) {
    if (desiredInstanceCount !== undefined) {
      yield {
        promise: `${variantName} has its instances`,
        kept: (currentInstanceCount ?? 0) >= desiredInstanceCount,
        found: `${currentInstanceCount ?? 0} of ${desiredInstanceCount}`,
      };
    }
    yield { promise: `${variantName}'s Model is there`, kept: modelExists, found: modelName ?? "none" };
  }
}

/**
 * Checks what a deployment promises about its answers.
 *
 * @param answer how the endpoint answered
 * @param boundInMilliseconds how long an answer may take. Default: unlimited
 */
export function* answerPromises(answer: SmokeAnswer, boundInMilliseconds?: number): Generator<Promised> {
  const { milliseconds, differences } = answer;
  if (differences !== undefined) {
    yield {
      promise: "the example request gets the expected answer",
      kept: differences.length === 0,
      found: differences.length === 0 ? "the same" : differences.join("; "),
    };
  } else {
    yield { promise: "the example request is answered", kept: true, found: "no expected answer is known" };
  }
  if (boundInMilliseconds !== undefined) {
    yield {
      promise: `it is answered within ${boundInMilliseconds} ms`,
      kept: milliseconds <= boundInMilliseconds,
      found: `${milliseconds.toFixed(0)} ms`,
    };
  }
}

/**
 * The tightest latency threshold of the endpoint's alarms.
 *
 * @param endpoint the endpoint
 * @returns milliseconds; `undefined` if no alarm watches latency
 */
export function statedLatencyBound({ alarms }: EndpointStatus): number | undefined {
  const bounds = alarms.flatMap(({ latencyBoundInMilliseconds }) => latencyBoundInMilliseconds ?? []);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
