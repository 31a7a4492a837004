import { checkHeader, type Side } from "./checkHeader.ts";
import { InferenceError } from "./inferenceError.ts";
import {
  binaryContentType,
  headerSizeIn,
  type DecodeOptions,
  type InferenceRequest,
  type InferenceResponse,
} from "./inferenceTypes.ts";
import { parseJson } from "./parseJson.ts";
import { dataOfBytes } from "./tensorBytes.ts";
import { dataOfJson } from "./tensorJson.ts";
import { elementCount, type Tensor, type TensorHeader } from "./tensorTypes.ts";
import { isUtf8, utf8Bytes, utf8Text } from "./utf8.ts";

/**
 * Decodes a request in either form, as a server would; also works for requests from SageMaker's data capture.
 *
 * @param body the body
 * @param contentType its content type
 * @param options how to read its tensors
 * @throws InferenceError if the body isn't a request
 */
export function decodeRequest(
  body: Uint8Array | string,
  contentType: string,
  options: DecodeOptions = {},
): InferenceRequest<Tensor> {
  const { tensors, ...rest } = decode(body, contentType, "inputs", options);
  return { ...rest, inputs: tensors };
}

/**
 * Decodes a response in either form. Binary tensors that are aligned to their width are views of the body, so large
 * ones are not copied.
 *
 * @param body the response's body
 * @param contentType its content type. Default: JSON
 * @param options how its tensors are read
 * @throws InferenceError if the body isn't a response
 */
export function decodeResponse(
  body: Uint8Array | string,
  contentType = "application/json",
  options: DecodeOptions = {},
): InferenceResponse {
  const { tensors, ...rest } = decode(body, contentType, "outputs", options);
  return { model_name: "", ...rest, outputs: tensors };
}

function decode(given: Uint8Array | string, contentType: string, side: Side, { halfFloats }: DecodeOptions) {
  const body = typeof given === "string" ? utf8Bytes(given) : given;
  const size = headerSize(body, contentType);
  if (!isUtf8(body.subarray(0, size))) {
    throw new InferenceError("the body's JSON isn't UTF-8: such strings travel in the binary form");
  }
  const { [side]: found, ...rest } = parseHeader(utf8Text(body.subarray(0, size)), side);
  const names = new Set<string>();
  let strings = 0;
  let at = size;
  const tensors = found.map((tensor): Tensor => {
    checkHeader(tensor, side);
    if (names.has(tensor.name)) throw new InferenceError(`there are two ${side} "${tensor.name}"`);
    names.add(tensor.name);
    if (tensor.datatype === "BYTES") strings += elementCount(tensor.shape);
    if (strings > MOST_STRINGS) throw new InferenceError(`the ${side} have more than ${MOST_STRINGS} strings`);
    const { data, parameters: given, ...header } = tensor;
    const { binary_data_size: length, ...parameters } = given ?? {};
    const kept = Object.keys(parameters).length > 0 ? { ...header, parameters } : header;
    if (data !== undefined) return { ...kept, data: dataOfJson(header, data) };
    if (!isSize(length)) throw new InferenceError(`tensor "${header.name}" has no data`);
    const bytes = body.subarray(at, at + length);
    if (bytes.length !== length) throw new InferenceError(`the body ends within tensor "${header.name}"`);
    at += length;
    return { ...kept, data: dataOfBytes(header, bytes, halfFloats) };
  });
  if (at < body.length) throw new InferenceError(`${body.length - at} bytes follow the last tensor of the body`);
  return { ...rest, tensors };
}

/** The most strings of a body: each takes some hundred bytes of memory, however short it is. */
const MOST_STRINGS = 1_000_000;

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function headerSize(body: Uint8Array, contentType: string): number {
  if (!contentType.toLowerCase().startsWith(binaryContentType)) return body.length;
  const size = headerSizeIn(contentType);
  if (size === undefined) throw new InferenceError(`the content type ${contentType} has no json-header-size`);
  if (size <= body.length) return size;
  throw new InferenceError(`the body has ${body.length} bytes, fewer than its json-header-size=${size}`);
}

interface Header {
  readonly model_name?: string;
  readonly inputs: readonly EncodedTensor[];
  readonly outputs: readonly EncodedTensor[];
}

type EncodedTensor = Omit<TensorHeader, "parameters"> & {
  readonly parameters?: TensorHeader["parameters"] | null;
  readonly data?: unknown;
};

function parseHeader(text: string, side: Side): Header {
  let header: unknown;
  try {
    header = parseJson(text);
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw new InferenceError(`the body isn't JSON: ${(error as Error).message}`);
  }
  const { model_name: model = "", [side]: tensors } = (header ?? {}) as Partial<Header>;
  if (!Array.isArray(tensors)) {
    throw new InferenceError(`the body has no list "${side}", which KServe's v2 protocol requires`);
  }
  if (typeof model !== "string") throw new InferenceError(`the body's "model_name" isn't a string`);
  return header as Header;
}
