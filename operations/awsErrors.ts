import { accessProblem, oneLine } from "../releases/accessProblem.ts";
import { CutOff } from "../releases/boundedBody.ts";
import { longestAnswerInSeconds } from "./invocation.ts";
import { InvocationError, refusal, type FailureKind } from "./invocationError.ts";
import type { EndpointTarget } from "./target.ts";

/**
 * Explains in one line what AWS's error means for a request to an endpoint and what to do about it.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html (Errors)
 *
 * @param error what AWS's client threw
 * @param target the endpoint
 * @param timeoutInSeconds how long an answer may take. Default: 60
 * @returns an InvocationError; an error that isn't from AWS is returned unchanged
 */
export function explainAwsError(
  error: unknown,
  target: EndpointTarget,
  timeoutInSeconds = longestAnswerInSeconds,
): unknown {
  if (error instanceof InvocationError || !(error instanceof Error)) return error;
  const said = oneLine(error.message);
  const told = (kind: FailureKind, message: string) => new InvocationError(kind, message, error);
  const { $metadata } = error as AwsServiceError;
  const where = `${target.endpointName}${target.region === undefined ? "" : ` in ${target.region}`}`;
  if (error instanceof CutOff) return told(error.passed === "size" ? "bad answer" : "timeout", `${where}: ${said}`);
  const unreached = accessProblem(error);
  if (unreached) return told(kinds[unreached.kind], `${where}: ${unreached.message}`);
  switch (error.name) {
    case "ModelError":
      return modelError(error, where, target.endpointName);
    case "ModelStreamError":
    case "InternalStreamFailure":
      return told(
        "model failed",
        `the answer was cut off (${said}): look at the model's log in /aws/sagemaker/Endpoints/${target.endpointName}`,
      );
    case "ModelNotReadyException":
      return told("model not ready", `the model of ${where} is still loading: try again in a minute`);
    case "ThrottlingException":
    case "TooManyRequestsException":
      return told(
        "throttled",
        `SageMaker throttles requests to ${where} (${said}): send fewer, add instances, or raise the account's quota`,
      );
    case "ValidationError":
    case "ValidationException":
      return validationError(said, where, told);
    case "AccessDeniedException":
      return told("not allowed", `AWS denied access (${said}): the caller needs sagemaker:InvokeEndpoint on ${where}`);
    case "ServiceUnavailable":
    case "ServiceUnavailableException":
    case "InternalFailure":
    case "InternalDependencyException":
      return told("unavailable", `SageMaker can't answer for ${where} right now (${said}): try again`);
    case "AbortError":
    case "TimeoutError":
      return told(
        "timeout",
        `no answer from ${where} within ${timeoutInSeconds} s: SageMaker ends a request after 60 s; async inference allows an hour`,
      );
  }
  if ($metadata?.httpStatusCode === 413) return refusal(413, said);
  return told($metadata?.httpStatusCode === undefined ? "unavailable" : "refused", `${where}: ${error.name}: ${said}`);
}

const kinds = { region: "not found", credentials: "not allowed", connection: "no connection" } as const;

interface AwsServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface ModelError extends Error {
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
}

/** SageMaker answers 424 if the container returned an error or didn't answer at all. */
function modelError(error: ModelError, where: string, endpointName: string): InvocationError {
  const { OriginalStatusCode: status = 0, OriginalMessage: original = "" } = error;
  if (/timed out/i.test(original) || /timed out/i.test(error.message)) {
    return new InvocationError(
      "timeout",
      `the model of ${where} took longer than 60 s: make requests smaller, or deploy it with asyncInference`,
      error,
    );
  }
  if (status >= 400 && status < 600) {
    const { kind, message } = refusal(status, original);
    const log = kind === "model failed" ? ` in /aws/sagemaker/Endpoints/${endpointName}` : "";
    return new InvocationError(kind, `${message}${log}`, error);
  }
  return new InvocationError(
    "model failed",
    `the model of ${where} gave no answer (${oneLine(original || error.message)}): look at its log in /aws/sagemaker/Endpoints/${endpointName}`,
    error,
  );
}

function validationError(
  said: string,
  where: string,
  told: (kind: FailureKind, message: string) => InvocationError,
): InvocationError {
  if (/^Endpoint .* not found/i.test(said)) {
    return told("not found", `there is no endpoint ${where} (${said}): check its name, the region and the account`);
  }
  if (/async/i.test(said)) return told("refused", `${where} only takes async requests (${said}): use --async`);
  return told("refused", `SageMaker refuses the request to ${where}: ${said}`);
}
