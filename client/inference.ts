/**
 * KServe's v2 inference protocol as SageMaker AI carries it for Triton: requests and responses as JSON, or as a JSON header
 * with the tensors' bytes after it. Works for anything that sends bytes: the AWS SDK, `fetch`, a file.
 *
 *     const { body, contentType } = encodeRequest({
 *       inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }],
 *     });
 *     const answer = await client.send(
 *       new InvokeEndpointCommand({ EndpointName: "penguins", ContentType: contentType, Body: body }),
 *     );
 *     const { outputs } = decodeResponse(answer.Body, answer.ContentType);
 *
 * Sources: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-triton.html and Triton's binary tensor data
 * extension, https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 *
 * @module sagemaker-triton/client
 */
import { InferenceError } from "./inferenceError.ts";
import { dataOfBytes, tensorBytes } from "./tensorBytes.ts";
import { dataOfJson, jsonOfData, parseJson } from "./tensorJson.ts";
import { dataTypes, type InputTensor, type Tensor, type TensorHeader } from "./tensorTypes.ts";

export { InferenceError } from "./inferenceError.ts";
export { plainTensor, plainValues } from "./tensorJson.ts";
export {
  dataTypes,
  type DataType,
  type InputTensor,
  type Tensor,
  type TensorData,
  type TensorHeader,
  type TensorInput,
  type Value,
} from "./tensorTypes.ts";

/** A request as it may be given. */
export interface InferenceRequest<Input extends TensorHeader = InputTensor> {
  /** Comes back in the response. */
  readonly id?: string;
  /** Triton's and the model's own, for example `{ sequence_id: 7, sequence_start: true }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The inputs. */
  readonly inputs: readonly Input[];
  /** The outputs wanted. Default: all. */
  readonly outputs?: readonly RequestedOutput[];
}

/** An output that is asked for. */
export interface RequestedOutput {
  /** The output's name. */
  readonly name: string;
  /** For example `{ classification: 3 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A response. */
export interface InferenceResponse {
  /** The model that answered. */
  readonly model_name: string;
  /** Its version. */
  readonly model_version?: string;
  /** The request's id. */
  readonly id?: string;
  /** What the model adds. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The outputs. */
  readonly outputs: readonly Tensor[];
}

/** A body as it goes over HTTP. */
export interface EncodedBody {
  /** The body. */
  readonly body: Uint8Array;
  /** Its content type, which in binary form says how long the JSON header is. */
  readonly contentType: string;
}

/** How tensors travel: `json`, `binary`, or `smaller`: whichever makes the shorter body. */
export type BodyForm = "json" | "binary" | "smaller";

/**
 * Encodes a request. The binary form holds every type; JSON can hold neither 16-bit floats nor NaN, infinity and strings that
 * are no UTF-8. The answer is asked for in binary form, unless `json` is chosen.
 *
 * @param request the request
 * @param form how the tensors travel. Default: `smaller`
 * @throws InferenceError where a tensor's values don't fit its type or shape, or JSON can't hold them
 */
export function encodeRequest(request: InferenceRequest, form: BodyForm = "smaller"): EncodedBody {
  if (form === "json") return encodeJson(request);
  const binary = encodeBinary(request);
  // From here on JSON is never much smaller, and takes far longer.
  if (form === "binary" || binary.body.length > SMALL_BODY) return binary;
  if (request.inputs.some((tensor) => jsonOfData(tensor) === undefined)) return binary;
  const json = encodeJson(withBinaryAnswer(request));
  return json.body.length < binary.body.length ? json : binary;
}

/**
 * Decodes a request in either form, as a server would; also what SageMaker's data capture holds.
 *
 * @param body the body
 * @param contentType its content type
 * @throws InferenceError where the body is no request
 */
export function decodeRequest(body: Uint8Array | string, contentType: string): InferenceRequest<Tensor> {
  const { tensors, ...rest } = decode(body, contentType, "inputs");
  return { ...rest, inputs: tensors };
}

/**
 * Decodes a response in either form. Binary tensors are views of the body where they lie on a multiple of their width, so
 * large ones are not copied.
 *
 * @param body the response's body
 * @param contentType its content type. Default: JSON
 * @throws InferenceError where the body is no response
 */
export function decodeResponse(body: Uint8Array | string, contentType = "application/json"): InferenceResponse {
  const { tensors, ...rest } = decode(body, contentType, "outputs");
  return { model_name: "", ...rest, outputs: tensors };
}

/** The content type of the binary form, without the header's size. */
export const binaryContentType = "application/vnd.sagemaker-triton.binary+json";

const SMALL_BODY = 4096;

function encodeJson({ inputs, ...rest }: InferenceRequest): EncodedBody {
  const tensors = inputs.map((tensor) => {
    const values = jsonOfData(tensor);
    if (values !== undefined) return `${JSON.stringify(headerOf(tensor)).slice(0, -1)},"data":${values}}`;
    throw new InferenceError(
      `tensor "${tensor.name}" of ${tensor.datatype} can't go as JSON, which has no 16-bit floats, no NaN or infinity, and no bytes that aren't UTF-8: use the binary form`,
    );
  });
  const end = JSON.stringify(rest).slice(1);
  const text = `{"inputs":[${tensors.join(",")}]${end === "}" ? "" : ","}${end}`;
  return { body: Buffer.from(text), contentType: "application/json" };
}

/** Triton answers in binary form whichever form the request has; as JSON it refuses to send 16-bit floats. */
function withBinaryAnswer(request: InferenceRequest): InferenceRequest {
  return { ...request, parameters: { binary_data_output: true, ...request.parameters } };
}

function encodeBinary(request: InferenceRequest): EncodedBody {
  const { inputs, ...rest } = withBinaryAnswer(request);
  const parts = inputs.map(tensorBytes);
  const header = Buffer.from(
    JSON.stringify({
      inputs: inputs.map((tensor, index) => ({
        ...headerOf(tensor),
        parameters: { ...tensor.parameters, binary_data_size: parts[index]?.length ?? 0 },
      })),
      ...rest,
    }),
  );
  return {
    body: Buffer.concat([header, ...parts]),
    contentType: `${binaryContentType};json-header-size=${header.length}`,
  };
}

function headerOf({ name, datatype, shape, parameters }: InputTensor): TensorHeader {
  return { name, datatype, shape, ...(parameters && { parameters }) };
}

type Side = "inputs" | "outputs";

function decode(given: Uint8Array | string, contentType: string, side: Side) {
  const body =
    typeof given === "string" ? Buffer.from(given) : Buffer.from(given.buffer, given.byteOffset, given.length);
  const size = headerSize(body, contentType);
  const { [side]: found, ...rest } = parseHeader(body.toString("utf8", 0, size), side);
  let at = size;
  const tensors = found.map((tensor): Tensor => {
    const { data, parameters: { binary_data_size: length, ...parameters } = {}, ...header } = tensor;
    checkHeader(header, side);
    const kept = Object.keys(parameters).length > 0 ? { ...header, parameters } : header;
    if (data !== undefined) return { ...kept, data: dataOfJson(header, data) };
    if (typeof length !== "number") throw new InferenceError(`tensor "${header.name}" has no data`);
    const bytes = body.subarray(at, at + length);
    if (bytes.length !== length) throw new InferenceError(`the body ends within tensor "${header.name}"`);
    at += length;
    return { ...kept, data: dataOfBytes(header, bytes) };
  });
  if (at < body.length) throw new InferenceError(`${body.length - at} bytes follow the last tensor of the body`);
  return { ...rest, tensors };
}

function headerSize(body: Uint8Array, contentType: string): number {
  if (!contentType.toLowerCase().startsWith(binaryContentType)) return body.length;
  const [, size] = /json-header-size\s*=\s*(\d+)/i.exec(contentType) ?? [];
  if (size === undefined) throw new InferenceError(`the content type ${contentType} says no json-header-size`);
  if (Number(size) <= body.length) return Number(size);
  throw new InferenceError(`the body has ${body.length} bytes, fewer than json-header-size=${size} says`);
}

interface Header {
  readonly model_name?: string;
  readonly inputs: readonly EncodedTensor[];
  readonly outputs: readonly EncodedTensor[];
}

type EncodedTensor = TensorHeader & { readonly data?: unknown };

function parseHeader(text: string, side: Side): Header {
  let header: unknown;
  try {
    header = parseJson(text);
  } catch (error) {
    throw new InferenceError(`the body is no JSON: ${(error as Error).message}`);
  }
  if (typeof header === "object" && header !== null && Array.isArray((header as Partial<Header>)[side])) {
    return header as Header;
  }
  throw new InferenceError(`the body has no list "${side}", as KServe's v2 protocol asks`);
}

function checkHeader({ name, datatype, shape }: Partial<TensorHeader>, side: Side): void {
  if (typeof name !== "string") throw new InferenceError(`one of the ${side} has no name`);
  if (!dataTypes.some((type) => type === datatype)) {
    throw new InferenceError(
      `tensor "${name}" has the datatype ${String(datatype)}: use one of ${dataTypes.join(", ")}`,
    );
  }
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && Number(size) >= 0)) {
    throw new InferenceError(`tensor "${name}" has no shape that is a list of whole numbers`);
  }
}
