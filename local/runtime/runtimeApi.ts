import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { longestAnswerInSeconds } from "../../operations/invocation.ts";
import { wholeAnswer, type Container, type ContainerAnswer, type ContainerRequest } from "../container.ts";
import { ApiError, modelError, noAccount, validationError } from "./apiError.ts";
import type { Capture } from "./capture.ts";
import { checkHeaders, checkTargetModel } from "./checkHeaders.ts";
import { eventMessage } from "./eventStream.ts";
import { chooseVariant, type ServedVariant } from "./variants.ts";

/** An endpoint behind SageMaker's runtime API. */
export interface RuntimeOptions {
  readonly endpointName: string;
  readonly variants: readonly ServedVariant[];
  /** Where requests and answers are captured. Default: nowhere. */
  readonly capture?: Capture;
  /** How long an answer may take, in seconds. Default: 60, SageMaker's own limit. */
  readonly timeoutInSeconds?: number;
}

/**
 * Puts SageMaker's runtime API in front of variants, so that AWS's SDKs can call them with this address as their
 * `endpoint_url`: signatures are not checked. What isn't below `/endpoints/` is the container's own contract, `/ping` and
 * `/invocations`.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Runtime.html
 */
export function runtimeApi(options: RuntimeOptions): Container {
  return async (request) => {
    try {
      const [, name = "", operation = ""] = /^\/endpoints\/([^/?]*)\/([^/?]*)\/?$/.exec(request.path) ?? [];
      if (!request.path.startsWith("/endpoints/")) return await passOn(request, options);
      return await operationOf(request.method, operation)(request, decoded(name), options);
    } catch (error) {
      if (error instanceof ApiError) return error.answer;
      throw error;
    }
  };
}

type Operation = (request: ContainerRequest, endpointName: string, options: RuntimeOptions) => Promise<ContainerAnswer>;

function operationOf(method: string, name: string): Operation {
  const operation = method === "POST" ? operations.get(name) : undefined;
  if (operation) return operation;
  const known = [...operations.keys()].map((each) => `POST /endpoints/<name>/${each}`).join(", ");
  throw new ApiError("UnknownOperationException", 404, `There is no such operation: use one of ${known}`);
}

const operations: ReadonlyMap<string, Operation> = new Map([
  ["invocations", invokeEndpoint],
  ["invocations-response-stream", invokeWithResponseStream],
  ["async-invocations", refuseAsync],
]);

/** SageMaker's runtime in front of a container, by the container's own contract. */
async function passOn(request: ContainerRequest, { variants, capture }: RuntimeOptions) {
  const variant = chooseVariant(variants, request.headers);
  const answer = await variant.container(request);
  if (!answer || request.path === "/ping") return answer;
  const named = { ...answer, headers: { ...answer.headers, [variantHeader]: variant.name } };
  return request.path === "/invocations" ? captured(named, request, variant, capture) : named;
}

async function invokeEndpoint(
  request: ContainerRequest,
  name: string,
  options: RuntimeOptions,
): Promise<ContainerAnswer> {
  const { answer, variant, patience } = await answerTo(request, name, options);
  const body = await whole(answer.body).catch((error: unknown) => {
    throw patience.aborted ? late(name) : error;
  });
  const { "content-type": contentType = "application/json" } = answer.headers;
  const headers = { ...headersBack(answer, variant), "content-type": contentType };
  return captured({ ...wholeAnswer(200, body, headers) }, request, variant, options.capture);
}

async function invokeWithResponseStream(
  request: ContainerRequest,
  name: string,
  options: RuntimeOptions,
): Promise<ContainerAnswer> {
  const { answer, variant, patience } = await answerTo(request, name, options);
  const { "content-type": contentType = "application/json" } = answer.headers;
  return {
    status: 200,
    headers: {
      ...headersBack(answer, variant),
      "content-type": "application/vnd.amazon.eventstream",
      "x-amzn-sagemaker-content-type": contentType,
    },
    body: events(captured(answer, request, variant, options.capture).body, patience),
  };
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_ModelStreamError.html */
async function* events(pieces: AsyncIterable<Uint8Array>, patience: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of pieces) yield eventMessage("PayloadPart", "event", piece);
  } catch (error) {
    const ErrorCode = patience.aborted ? "ModelInvocationTimeExceeded" : "StreamBroken";
    const Message = patience.aborted ? outOfTime : (error as Error).message;
    yield eventMessage("ModelStreamError", "exception", JSON.stringify({ Message, ErrorCode }));
  }
}

function refuseAsync(_request: ContainerRequest, name: string, options: RuntimeOptions): Promise<ContainerAnswer> {
  checkEndpoint(name, options);
  throw validationError(
    "Asynchronous inference reads the request from S3 and writes the answer there, and there is no S3 on this machine: send the request to InvokeEndpoint, which reaches the same model",
  );
}

function checkEndpoint(name: string, { endpointName }: RuntimeOptions): void {
  if (name === endpointName) return;
  throw validationError(`Endpoint ${name} of account ${noAccount} not found. This server has ${endpointName}.`);
}

/** A variant's good answer. */
async function answerTo(request: ContainerRequest, name: string, options: RuntimeOptions) {
  checkEndpoint(name, options);
  checkHeaders(request.headers);
  const variant = chooseVariant(options.variants, request.headers);
  checkTargetModel(request.headers, variant, name);
  const patience = AbortSignal.timeout((options.timeoutInSeconds ?? longestAnswerInSeconds) * 1000);
  const signal = AbortSignal.any([request.signal, patience]);
  const headers = headersOn(request.headers);
  let answer;
  try {
    answer = await variant.container({ ...request, method: "POST", path: "/invocations", headers, signal });
  } catch (error) {
    throw modelError(name, 500, (error as Error).message);
  }
  if (patience.aborted) throw late(name);
  if (!answer) throw modelError(name, 0, "Amazon SageMaker could not get a response from the primary endpoint.");
  if (answer.status < 200 || answer.status > 299) {
    throw modelError(name, answer.status, (await whole(answer.body)).toString());
  }
  return { answer, variant, patience };
}

const outOfTime =
  "Your invocation timed out while waiting for a response from container primary. Review the latency of the model and try again.";

function late(name: string): ApiError {
  return modelError(name, 0, outOfTime);
}

/** What SageMaker passes on to the container: not the signature, nor what is about the client. */
function headersOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const passed = Object.entries(headers).filter(
    ([header]) => header === "content-type" || header === "accept" || header.startsWith("x-amzn-sagemaker-"),
  );
  return Object.fromEntries(passed);
}

const variantHeader = "x-amzn-invoked-production-variant";

/** What SageMaker passes back: custom attributes and sessions. */
function headersBack({ headers }: ContainerAnswer, { name }: ServedVariant): OutgoingHttpHeaders {
  const own = Object.entries(headers).filter(([header]) => header.startsWith("x-amzn-sagemaker-"));
  return { ...Object.fromEntries(own), [variantHeader]: name, "x-amzn-requestid": randomUUID() };
}

/** The same answer, which is captured once its body has gone through. */
function captured(
  answer: ContainerAnswer,
  request: ContainerRequest,
  { name: variant }: ServedVariant,
  capture: Capture | undefined,
): ContainerAnswer {
  if (!capture || answer.status < 200 || answer.status > 299) return answer;
  const { "x-amzn-sagemaker-inference-id": id, "x-amzn-sagemaker-custom-attributes": attributes } = request.headers;
  const typeOf = ({ "content-type": type = "application/json" }: OutgoingHttpHeaders) => type;
  async function* body(): AsyncGenerator<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body) {
      pieces.push(piece);
      yield piece;
    }
    await capture?.add({
      variant,
      request: { body: request.body, contentType: typeOf(request.headers) },
      answer: { body: Buffer.concat(pieces), contentType: typeOf(answer.headers) },
      ...(typeof id === "string" && { inferenceId: id }),
      ...(typeof attributes === "string" && { customAttributes: attributes }),
    });
  }
  return { ...answer, body: body() };
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
