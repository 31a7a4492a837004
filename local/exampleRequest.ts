import * as path from "node:path";
import { ownLimit } from "../operations/answerLimits.ts";
import { exampleBody, isGenerateType, usualInferenceType, type GenerateType } from "../inference/exampleBody.ts";
import { decodeResponse, type EncodedBody, type InferenceResponse } from "../inference/index.ts";
import { reasonIn, withForm } from "../operations/invocationError.ts";
import { isDecoupled } from "../inference/zeroRequest.ts";
import { CutOff, readBody } from "../releases/boundedBody.ts";
import { readModelFolder } from "../packing/folder.ts";
import { readBounded } from "../packing/regularFile.ts";
import { systemReason, systemRemedy } from "../text/systemError.ts";
import { configsOf } from "../triton/config/loadedConfig.ts";
import type { ModelConfig } from "../triton/config/modelConfigTypes.ts";
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
  /** The inference type of a request that isn't KServe's. */
  readonly generates?: GenerateType;
  /** Whether the model answers in 16-bit floats, which Triton doesn't send as JSON. */
  readonly answersInBinary?: boolean;
}

/**
 * The model's `request.json` or, without one, a request of zeros that fits the configuration that it is loaded with.
 *
 * @param modelDirectory the model repository
 * @param model the model's name
 * @param inferenceType the endpoint's. Default: the one that the model needs
 * @returns the request; `undefined` if the model has none, and its inputs are not known, or if it is decoupled and the
 * inference type is infer, so that Triton refuses every request
 */
export async function exampleRequest(
  modelDirectory: string,
  model: string,
  inferenceType?: string,
): Promise<ExampleRequest | undefined> {
  const configs = await configsIn(modelDirectory, model);
  const type = inferenceType ?? usualInferenceType(configs);
  const generates = isGenerateType(type) ? { generates: type } : {};
  if (type === "infer" && isDecoupled(configs)) return undefined;
  const file = path.join(modelDirectory, model, "request.json");
  const body = await contentOf(modelDirectory, `${model}/request.json`);
  if (body) {
    const answer = type === "infer" ? await contentOf(modelDirectory, `${model}/response.json`) : undefined;
    return {
      ...{ origin: `${model}/request.json`, file, body, contentType: "application/json", ...generates },
      ...(answer && { expected: decodeResponse(answer) }),
    };
  }
  const request = exampleBody(configs, type);
  if (!request) return undefined;
  const answersInBinary = configs[0]?.output.some(({ data_type }) => /^TYPE_B?F(P)?16$/.test(data_type)) === true;
  return { origin: `zeros, as there is no ${model}/request.json`, ...request, ...generates, answersInBinary };
}

/**
 * Says why there is no request to try a model with.
 *
 * @param modelDirectory the model repository
 * @param model the model's name
 * @param inferenceType the endpoint's
 */
export async function whyNoRequest(modelDirectory: string, model: string, inferenceType: string): Promise<string> {
  if (inferenceType === "infer" && isDecoupled(await configsIn(modelDirectory, model))) {
    return `${model} is decoupled, for which Triton refuses every request with the inferenceType infer: set inferenceType of modelServer to generate_stream.`;
  }
  return `there is no ${model}/request.json, and none can be generated, because neither config.pbtxt nor the model's file names inputs${isGenerateType(inferenceType) ? ` that a request of inferenceType ${inferenceType} can hold` : ""}.`;
}

async function configsIn(modelDirectory: string, model: string): Promise<readonly ModelConfig[]> {
  const models = readServedModels(await readModelFolder(modelDirectory));
  return configsOf(model, new Map(models.map((each) => [each.name, each])));
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
