import { oneLine } from "../releases/accessProblem.ts";
import { parseJson } from "../inference/parseJson.ts";

/** Why a request failed; load tests count failures by it. `bad answer` is one that is too large, cut off or not KServe's. */
export type FailureKind =
  | "bad answer"
  | "refused"
  | "model failed"
  | "model not ready"
  | "out of memory"
  | "throttled"
  | "timeout"
  | "not found"
  | "not allowed"
  | "no connection"
  | "unavailable";

/** A request without an answer. The message is one line: what happened, and what to do. */
export class InvocationError extends Error {
  /** The kind of failure. */
  readonly kind: FailureKind;

  /**
   * @param kind the kind of failure
   * @param message what happened and what to do
   * @param cause what was thrown. Default: nothing
   */
  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "InvocationError";
    this.kind = kind;
  }
}

/**
 * The failure of a request that the server answered with an error status.
 *
 * @param status the HTTP status
 * @param body the answer's body: Triton's own words, as JSON or text
 */
export function refusal(status: number, body: string): InvocationError {
  const reason = reasonIn(body);
  const told = reason === "" ? "no reason given" : reason;
  switch (status) {
    case 424:
      return new InvocationError("model failed", `the model failed: ${told}: look at its log`);
    case 404:
      return new InvocationError("not found", `there is no such model or path: ${told}`);
    case 413:
      return new InvocationError(
        "refused",
        `the request is too large: ${told}: send less at once, or use async inference`,
      );
    case 429:
      return new InvocationError(
        "throttled",
        `the server can't take more requests right now: ${told}: send fewer, or try again`,
      );
    case 503:
      return new InvocationError("unavailable", `the server isn't ready: ${told}: try again once /ping answers 200`);
    case 507:
      return new InvocationError(
        "out of memory",
        `there is no memory left to load the model: ${told}: use an instance type with more memory, or fewer models`,
      );
    default:
      if (malformed.test(reason)) return new InvocationError("refused", malformedRequest(reason));
      return status < 500
        ? new InvocationError("refused", reason === "" ? unexplained(status) : `Triton refuses the request: ${reason}`)
        : new InvocationError("model failed", `the model failed with status ${status}: ${told}: look at its log`);
  }
}

/**
 * Triton's words for a request that isn't in KServe's form, which it answers with status 500.
 * Source: `EVBufferToInput` in https://github.com/triton-inference-server/server/blob/main/src/http_server.cc and
 * `TritonJson` in https://github.com/triton-inference-server/common/blob/main/include/triton/common/triton_json.h
 */
const malformed =
  /Unable to parse '(?:inputs|name|shape|datatype|data)'|failed to parse the request JSON|attempt to access (?:non-existing object member|JSON non-)/i;

function malformedRequest(reason: string): string {
  return `the request isn't in the form that the model takes: ${withForm(reason)}`;
}

/**
 * Adds the form that Triton expects to its reason for a refusal, if the request's form is at fault.
 *
 * @param reason Triton's own words
 */
export function withForm(reason: string): string {
  if (!malformed.test(reason)) return reason;
  return `${reason}: send KServe's {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}, or use --input; {"instances": …} belongs to TensorFlow Serving, and {"text_input": …} to the inference type generate`;
}

function unexplained(status: number): string {
  return `the server refused the request with status ${status} and gave no reason: check the address and the request`;
}

/**
 * The reason in a refusal, on one line: Triton answers `{"error":"…"}`, whatever is in front of it may use another form.
 *
 * @param body the refusal's body
 */
export function reasonIn(body: string): string {
  let text = body;
  try {
    const { error } = (parseJson(body) ?? {}) as { error?: unknown };
    if (typeof error === "string") text = error;
  } catch {
    // The text as it is.
  }
  return oneLine(text);
}
