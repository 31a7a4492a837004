import { checkHeader } from "./checkHeader.ts";
import { InferenceError, mapAll } from "./inferenceError.ts";
import {
  binaryContentTypeOf,
  type BodyForm,
  type EncodedBody,
  type EncodedParts,
  type InferenceRequest,
} from "./inferenceTypes.ts";
import { tensorBytes } from "./tensorBytes.ts";
import { jsonOfData } from "./tensorJson.ts";
import type { InputTensor, TensorHeader } from "./tensorTypes.ts";
import { joined, utf8Bytes } from "./utf8.ts";

/**
 * Encodes a request. The binary form holds every type; JSON can't hold 16-bit floats, NaN, infinity, or strings that
 * aren't UTF-8. The request asks for a binary answer unless `json` is chosen.
 *
 * @param request the request
 * @param form how the tensors travel. Default: `smaller`
 * @throws InferenceError if a tensor's values don't fit its type or shape, or JSON can't hold them
 */
export function encodeRequest(request: InferenceRequest, form: BodyForm = "smaller"): EncodedBody {
  const { parts, contentType } = encodeRequestParts(request, form);
  const [only, ...others] = parts;
  return { body: only && others.length === 0 ? only : joined(parts), contentType };
}

/**
 * Encodes a request like {@link encodeRequest}, but returns its body in pieces to be sent one after the other. A typed
 * array of the tensor's own type becomes a piece without being copied, so don't change it until the body is sent.
 *
 * @param request the request
 * @param form how the tensors travel. Default: `smaller`
 * @throws InferenceError if a tensor's values don't fit its type or shape, or JSON can't hold them
 */
export function encodeRequestParts(request: InferenceRequest, form: BodyForm = "smaller"): EncodedParts {
  checkInputs(request);
  if (form === "json") return encodeJson(request);
  const binary = encodeBinary(request);
  // Beyond this size JSON is never much smaller, and takes far longer.
  if (form === "binary" || binary.size > SMALL_BODY) return binary;
  if (request.inputs.some((tensor) => jsonOfData(tensor) === undefined)) return binary;
  const json = encodeJson(withBinaryAnswer(request));
  return json.size < binary.size ? json : binary;
}

const SMALL_BODY = 4096;

function checkInputs({ inputs }: InferenceRequest): void {
  const names = new Set<string>();
  for (const input of inputs) {
    checkHeader(input, "inputs");
    if (names.has(input.name)) throw new InferenceError(`there are two inputs "${input.name}": leave one out`);
    names.add(input.name);
  }
}

function encodeJson({ inputs, ...rest }: InferenceRequest): EncodedParts {
  const tensors = mapAll(inputs, (tensor) => {
    const values = jsonOfData(tensor);
    if (values !== undefined) return `${JSON.stringify(headerOf(tensor)).slice(0, -1)},"data":${values}}`;
    throw new InferenceError(
      `tensor "${tensor.name}" of ${tensor.datatype} can't be sent as JSON, which has no 16-bit floats, no NaN or infinity, and no bytes that aren't UTF-8: use the binary form`,
    );
  });
  const end = JSON.stringify(rest).slice(1);
  const text = `{"inputs":[${tensors.join(",")}]${end === "}" ? "" : ","}${end}`;
  const body = utf8Bytes(text);
  return { parts: [body], size: body.length, contentType: "application/json" };
}

/** Triton can answer in binary form whatever the request's form is; it refuses to send 16-bit floats as JSON. */
function withBinaryAnswer(request: InferenceRequest): InferenceRequest {
  return { ...request, parameters: { binary_data_output: true, ...request.parameters } };
}

function encodeBinary(request: InferenceRequest): EncodedParts {
  const { inputs, ...rest } = withBinaryAnswer(request);
  const tensors = mapAll(inputs, tensorBytes);
  const header = utf8Bytes(
    JSON.stringify({
      inputs: inputs.map((tensor, index) => ({
        ...headerOf(tensor),
        parameters: { ...tensor.parameters, binary_data_size: tensors[index]?.length ?? 0 },
      })),
      ...rest,
    }),
  );
  const parts = [header, ...tensors];
  return {
    parts,
    size: parts.reduce((sum, { length }) => sum + length, 0),
    contentType: binaryContentTypeOf(header.length),
  };
}

function headerOf({ name, datatype, shape, parameters }: InputTensor): TensorHeader {
  return { name, datatype, shape, ...(parameters && { parameters }) };
}
