import { isUtf8 } from "node:buffer";
import { contentTypeOf } from "../inference/contentType.ts";
import {
  binaryContentType,
  decodeRequest,
  decodeResponse,
  InferenceError,
  type EncodedBody,
  type InferenceResponse,
} from "../inference/index.ts";
import { oneLine } from "../releases/accessProblem.ts";
import { describeBytes } from "../text/describeBytes.ts";
import { InvocationError } from "./invocationError.ts";

/**
 * Reads answers to a request. A request of KServe's protocol must be answered in it; anything else, for example one of
 * `/generate`, may have any answer.
 *
 * @param request the request
 * @returns a function that reads an answer; it returns `undefined` if it isn't KServe's and needn't be, and throws an
 * InvocationError if it must be
 */
export function answerReader(request: EncodedBody): (answer: EncodedBody) => InferenceResponse | undefined {
  const wanted = wantedOutputs(request);
  return ({ body, contentType }) => {
    try {
      const response = decodeResponse(body, contentTypeOf(body, contentType));
      if (wanted) refuseMissing(response, wanted);
      return response;
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      // Anything with the content type of Triton's binary answers must be one.
      if (!wanted && !contentType.startsWith(binaryContentType)) return undefined;
      const start = body.length === 0 ? "" : `; it ${beginning(body)}`;
      throw new InvocationError("bad answer", `the answer isn't KServe's: ${oneLine(error.message)}${start}`, error);
    }
  };
}

function beginning(body: Uint8Array): string {
  if (!isUtf8(body)) return `is no text (${describeBytes(body)})`;
  return `begins with ${JSON.stringify(new TextDecoder().decode(body.subarray(0, 60), { stream: true }))}`;
}

/** The outputs that a request names; `undefined` if it isn't KServe's. */
function wantedOutputs({ body, contentType }: EncodedBody): readonly string[] | undefined {
  try {
    return decodeRequest(body, contentTypeOf(body, contentType)).outputs?.map(({ name }) => name) ?? [];
  } catch {
    return undefined;
  }
}

function refuseMissing({ outputs }: InferenceResponse, wanted: readonly string[]): void {
  if (outputs.length === 0) throw new InferenceError("it has no outputs");
  const missing = wanted.find((name) => !outputs.some((output) => output.name === name));
  if (missing !== undefined) throw new InferenceError(`it lacks the output "${missing}", which the request asks for`);
}
