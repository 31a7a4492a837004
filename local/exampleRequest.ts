import * as path from "node:path";
import { ownLimit } from "../operations/answerLimits.ts";
import { decodeResponse, encodeRequest, type EncodedBody, type InferenceResponse } from "../inference/index.ts";
import { reasonIn, withForm } from "../operations/invocationError.ts";
import { isDecoupled, zeroRequest } from "../inference/zeroRequest.ts";
import { CutOff, readBody } from "../releases/boundedBody.ts";
import { readModelFolder } from "../packing/folder.ts";
import { readBounded } from "../packing/regularFile.ts";
import { systemReason, systemRemedy } from "../text/systemError.ts";
import { configsOf } from "../triton/config/loadedConfig.ts";
import { readServedModels } from "../triton/repository/servedModel.ts";
import { MessageError } from "./messageError.ts";

/**
 * The header that names the model:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export const targetModelHeader = "X-Amzn-SageMaker-Target-Model";

/** A request to try a model with. */
export interface ExampleRequest extends EncodedBody {
  /** A description of where it comes from. */
  readonly origin: string;
  /** The request's file; absent if it was generated. */
  readonly file?: string;
  /** The model's expected answer; absent if there is none. */
  readonly expected?: InferenceResponse;
  /** Whether the model answers in 16-bit floats, which Triton doesn't send as JSON. */
  readonly answersInBinary?: boolean;
}

/**
 * The model's `request.json` or, without one, a request of zeros that fits the configuration that it is loaded with.
 *
 * @param modelDirectory the model repository
 * @param model the model's name
 * @returns the request; `undefined` if the model has none, and its inputs are not known or it is decoupled, so that
 * Triton refuses every request
 */
export async function exampleRequest(modelDirectory: string, model: string): Promise<ExampleRequest | undefined> {
  const file = path.join(modelDirectory, model, "request.json");
  const body = await contentOf(modelDirectory, `${model}/request.json`);
  if (body) {
    const answer = await contentOf(modelDirectory, `${model}/response.json`);
    return {
      origin: `${model}/request.json`,
      file,
      body,
      contentType: "application/json",
      ...(answer && { expected: decodeResponse(answer) }),
    };
  }
  const models = readServedModels(await readModelFolder(modelDirectory));
  const [config, ...steps] = configsOf(model, new Map(models.map((each) => [each.name, each])));
  if (!config || config.input.length === 0 || isDecoupled([config, ...steps])) return undefined;
  const request = encodeRequest(zeroRequest(config, steps), "binary");
  const answersInBinary = config.output.some(({ data_type }) => /^TYPE_B?F(P)?16$/.test(data_type));
  return { origin: `zeros, as there is no ${model}/request.json`, ...request, answersInBinary };
}

/** A file of a model repository; `undefined` if there is none. */
async function contentOf(modelDirectory: string, file: string): Promise<Buffer | undefined> {
  try {
    return await readBounded(path.join(modelDirectory, file), ownLimit.bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MessageError(`${file}: ${systemReason(error)}: ${systemRemedy(error)}`);
  }
}

/**
 * Sends a request to `/invocations`.
 *
 * @param url the server's address
 * @param targetModel the target model, if there are many
 * @throws MessageError with Triton's own message if it refuses the request
 */
export async function invoke(
  url: string,
  request: EncodedBody & Partial<Pick<ExampleRequest, "origin">>,
  targetModel?: string,
): Promise<InferenceResponse> {
  const response = await fetch(`${url}/invocations`, {
    method: "POST",
    body: request.body as Uint8Array<ArrayBuffer>,
    headers: {
      "content-type": request.contentType,
      ...(targetModel !== undefined && { [targetModelHeader]: targetModel }),
    },
    redirect: "manual",
    // SageMaker's own limit: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
    signal: AbortSignal.timeout(60_000),
  });
  const origin = request.origin === undefined ? "" : ` (${request.origin})`;
  const body = await readBody(response, ownLimit).catch((error: unknown) => {
    throw error instanceof CutOff
      ? new MessageError(`Triton's answer to the request${origin}: ${error.message}`)
      : error;
  });
  if (!response.ok) {
    throw new MessageError(
      `Triton refuses the request${origin} with ${response.status}: ${withForm(reasonIn(Buffer.from(body).toString()))}`,
    );
  }
  return decodeResponse(body, response.headers.get("content-type") ?? "");
}
