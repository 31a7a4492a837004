import { randomUUID } from "node:crypto";
import { wholeAnswer, type ContainerAnswer } from "../container.ts";

/** An error of SageMaker's runtime API, as its SDKs understand it. */
export class ApiError extends Error {
  readonly #code: string;
  readonly #status: number;
  readonly #more: object;

  /**
   * @param code SageMaker's own code, for example `ValidationError`
   * @param status the HTTP status that goes with it
   * @param more the error's other members
   */
  constructor(code: string, status: number, message: string, more: object = {}) {
    super(message);
    this.#code = code;
    this.#status = status;
    this.#more = more;
  }

  /** The answer that makes an SDK throw it. */
  get answer(): ContainerAnswer {
    return wholeAnswer(this.#status, JSON.stringify({ Message: this.message, ...this.#more }), {
      "x-amzn-errortype": this.#code,
      "x-amzn-requestid": randomUUID(),
    });
  }
}

/** A request that SageMaker refuses before any container sees it. */
export function validationError(message: string): ApiError {
  return new ApiError("ValidationError", 400, message);
}

/**
 * A container's failure, in SageMaker's words.
 *
 * @param status the container's status; 0 if it didn't answer
 * @param reason its body
 */
export function modelError(endpointName: string, status: number, reason: string): ApiError {
  const side = status >= 400 && status < 500 ? "client" : "server";
  const message = `Received ${side} error (${status}) from primary with message "${reason}". See the output of npm run serve for more information.`;
  return new ApiError("ModelError", 424, message, {
    OriginalStatusCode: status,
    OriginalMessage: reason,
    LogStreamArn: `arn:aws:logs:us-east-1:${noAccount}:log-group:/aws/sagemaker/Endpoints/${endpointName}`,
  });
}

/** The account in names of what isn't on AWS. */
export const noAccount = "000000000000";
