import { mostDimensions } from "./checkHeader.ts";
import { InferenceError } from "./inferenceError.ts";
import { typedData, widened } from "./tensorBytes.ts";
import type { DataType, InputTensor, Tensor, TensorData, TensorHeader, Value } from "./tensorTypes.ts";
import { isUtf8, utf8Text } from "./utf8.ts";

/**
 * A tensor's values as a JSON array; `undefined` if JSON can't hold them: 16-bit floats, which Triton only takes in
 * binary form, NaN and infinity, and strings that aren't UTF-8.
 *
 * @param tensor the tensor
 * @throws InferenceError if the values don't fit the type or the shape
 */
export function jsonOfData(tensor: InputTensor): string | undefined {
  if (tensor.datatype === "FP16" || tensor.datatype === "BF16") return undefined;
  const data = typedData(tensor);
  if (!ArrayBuffer.isView(data)) {
    return data.every(isUtf8) ? JSON.stringify(plainValues(tensor.datatype, data)) : undefined;
  }
  if (tensor.datatype === "BOOL") return JSON.stringify(plainValues(tensor.datatype, data));
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return `[${data.join(",")}]`;
  if (!data.every(Number.isFinite)) return undefined;
  return `[${Array.from(data, (value) => (Object.is(value, -0) ? "-0.0" : value)).join(",")}]`;
}

/**
 * Reads a tensor's values from its parsed JSON, nested by dimension or flat.
 *
 * @param tensor the tensor's name, type and shape
 * @param data what its `data` holds
 * @throws InferenceError if the values don't fit the type or the shape
 */
export function dataOfJson(tensor: TensorHeader, data: unknown): TensorData {
  if (!Array.isArray(data)) throw new InferenceError(`tensor "${tensor.name}" has data that isn't an array`);
  const nested = data.some(Array.isArray);
  const flat = (nested ? data.flat(mostDimensions) : data) as Value[];
  const isFloat = tensor.datatype.startsWith("FP") || tensor.datatype === "BF16";
  const isSpelled = (value: Value) => nonFinite.has(value);
  const values =
    isFloat && flat.some(isSpelled) ? flat.map((value) => (isSpelled(value) ? Number(value) : value)) : flat;
  const unmarked = tensor.datatype === "BYTES" ? values.map((value) => bytesOfMarked(tensor, value)) : values;
  return widened(tensor.datatype, typedData({ ...tensor, data: unmarked }));
}

/**
 * Values as JSON holds them without loss: bytes that aren't UTF-8 become `{ "b64": "…" }`, as in TensorFlow Serving and
 * KServe's first protocol. {@link dataOfJson} reads them.
 *
 * @param values what {@link plainValues} returns
 */
export function markedValues(values: readonly (Value | Uint8Array)[]): (Value | { readonly b64: string })[] {
  return values.map((value) =>
    value instanceof Uint8Array
      ? { b64: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) }
      : value,
  );
}

function bytesOfMarked({ name }: TensorHeader, value: unknown): Value | Uint8Array {
  const { b64 } = (typeof value === "object" && value !== null ? value : {}) as { readonly b64?: unknown };
  if (typeof b64 !== "string") return value as Value;
  try {
    return Uint8Array.from(atob(b64), (letter) => letter.charCodeAt(0));
  } catch {
    throw new InferenceError(`tensor "${name}" has a value "b64" that isn't Base64`);
  }
}

const nonFinite = new Set<unknown>(["NaN", "Infinity", "-Infinity"]);

/**
 * Converts values to plain JavaScript: booleans for `BOOL`, strings for `BYTES`, bigints for 64-bit integers. Nothing is
 * lost: bytes that aren't UTF-8 stay a `Uint8Array`.
 *
 * @param datatype the type
 * @param data the values
 */
export function plainValues(datatype: DataType, data: TensorData): (Value | Uint8Array)[] {
  if (!ArrayBuffer.isView(data)) {
    return data.map((bytes) => (isUtf8(bytes) ? utf8Text(bytes) : bytes));
  }
  const values = Array.from<Value>(widened(datatype, data) as ArrayLike<Value>);
  return datatype === "BOOL" ? values.map((value) => value !== 0) : values;
}

/**
 * A tensor with values in plain JavaScript, in a flat list, as {@link plainValues} makes them.
 *
 * @param tensor the tensor
 */
export function plainTensor({ data, ...header }: Tensor): TensorHeader & { readonly data: (Value | Uint8Array)[] } {
  return { ...header, data: plainValues(header.datatype, data) };
}
