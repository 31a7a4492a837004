import { byteSize } from "../triton/config/dataTypes.ts";
import { narrowToBf16, narrowToFp16, widenBf16, widenFp16 } from "./halfFloats.ts";
import { InferenceError } from "./inferenceError.ts";
import type { DecodeOptions } from "./inferenceTypes.ts";
import { elementCount, type DataType, type InputTensor, type TensorData, type TensorHeader } from "./tensorTypes.ts";
import { utf8Bytes } from "./utf8.ts";

/**
 * Encodes a tensor's bytes for the wire: little-endian, each of `BYTES` preceded by its length in four bytes. A typed
 * array of the tensor's own type is not copied.
 *
 * @param tensor the tensor
 * @throws InferenceError if the values don't fit the type or the shape
 */
export function tensorBytes(tensor: InputTensor): Uint8Array {
  return bytesOf(typedData(tensor));
}

/**
 * A tensor's values as they are on the wire: a typed array of the type's own width, or the list of byte strings.
 *
 * @param tensor the tensor
 * @throws InferenceError if the values don't fit the type or the shape
 */
export function typedData(tensor: InputTensor): TensorData {
  const { datatype, data, shape } = tensor;
  const count = elementCount(shape);
  if (data.length !== count) {
    throw problem(tensor, `has ${data.length} values, but its shape [${shape.join(", ")}] needs ${count}`);
  }
  if (datatype === "BYTES") return Array.from(data as ArrayLike<unknown>, (value) => byteString(tensor, value));
  const codec = codecs[datatype];
  if (data instanceof codec.array) return data;
  if (datatype === "BF16") return narrowToBf16(data instanceof Float32Array ? data : floats(tensor, Float32Array));
  if (datatype === "FP16") return narrowToFp16(data instanceof Float32Array ? data : floats(tensor, Float64Array));
  if (datatype === "FP32") return floats(tensor, Float32Array);
  if (datatype === "FP64") return floats(tensor, Float64Array);
  return integers(tensor);
}

/**
 * Reads a tensor's bytes. The values are a view of the bytes if these are aligned to the type's width, otherwise of a
 * copy.
 *
 * @param tensor the tensor's name, type and shape
 * @param bytes its bytes
 * @param halfFloats how to read 16-bit floats
 * @throws InferenceError if the bytes don't fit the type or the shape
 */
export function dataOfBytes(
  tensor: TensorHeader,
  bytes: Uint8Array,
  halfFloats: DecodeOptions["halfFloats"] = "floats",
): TensorData {
  const { datatype, shape } = tensor;
  if (datatype === "BYTES") return byteStrings(tensor, bytes);
  const width = byteSize(`TYPE_${datatype}`);
  if (bytes.length !== width * elementCount(shape)) {
    const needed = `its type ${datatype} and shape [${shape.join(", ")}] need ${width * elementCount(shape)}`;
    throw problem(tensor, `has ${bytes.length} bytes, but ${needed}`);
  }
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const buffer = aligned.buffer as ArrayBuffer;
  const data = new codecs[datatype].array(buffer, aligned.byteOffset, bytes.length / width);
  return halfFloats === "bits" ? data : widened(datatype, data);
}

/**
 * Converts values from the wire to what callers read: 16-bit floats are widened, everything else is unchanged.
 *
 * @param datatype the type
 * @param data the values as they are on the wire
 */
export function widened(datatype: DataType, data: TensorData): TensorData {
  if (datatype === "FP16" && data instanceof Uint16Array) return widenFp16(data);
  if (datatype === "BF16" && data instanceof Uint16Array) return widenBf16(data);
  return data;
}

/** The array class that holds a type as it is on the wire and, for integers, the range. */
const codecs = {
  BOOL: { array: Uint8Array, range: [0, 1] },
  UINT8: { array: Uint8Array, range: [0, 0xff] },
  INT8: { array: Int8Array, range: [-0x80, 0x7f] },
  UINT16: { array: Uint16Array, range: [0, 0xffff] },
  INT16: { array: Int16Array, range: [-0x8000, 0x7fff] },
  UINT32: { array: Uint32Array, range: [0, 0xffffffff] },
  INT32: { array: Int32Array, range: [-0x80000000, 0x7fffffff] },
  UINT64: { array: BigUint64Array, range: [0n, 2n ** 64n - 1n] },
  INT64: { array: BigInt64Array, range: [-(2n ** 63n), 2n ** 63n - 1n] },
  FP16: { array: Uint16Array },
  BF16: { array: Uint16Array },
  FP32: { array: Float32Array },
  FP64: { array: Float64Array },
} as const;

type IntegerType = Exclude<DataType, "FP16" | "BF16" | "FP32" | "FP64" | "BYTES">;

function bytesOf(data: TensorData): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(data.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of data) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}

function byteStrings(tensor: TensorHeader, bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const strings: Uint8Array[] = [];
  const count = elementCount(tensor.shape);
  for (let at = 0; at < bytes.length;) {
    if (strings.length === count) throw problem(tensor, `has more than the ${count} strings that its shape needs`);
    const end = at + 4 <= bytes.length ? at + 4 + view.getUint32(at, true) : Infinity;
    if (end > bytes.length) throw problem(tensor, `ends within its string number ${strings.length + 1}`);
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  if (strings.length === count) return strings;
  throw problem(tensor, `has ${strings.length} strings, but its shape [${tensor.shape.join(", ")}] needs ${count}`);
}

function byteString(tensor: InputTensor, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return utf8Bytes(value);
  throw problem(tensor, `has the value ${shown(value)}, but BYTES takes strings and Uint8Arrays`);
}

function floats<Floats extends Float32Array | Float64Array>(
  tensor: InputTensor,
  type: new (length: number) => Floats,
): Floats {
  const result = new type(tensor.data.length);
  for (let index = 0; index < result.length; index += 1) {
    const value = tensor.data[index];
    if (typeof value !== "number" && typeof value !== "bigint") throw unfit(tensor, value, "a number");
    result[index] = Number(value);
  }
  return result;
}

function integers(tensor: InputTensor): TensorData {
  const { array, range } = codecs[tensor.datatype as IntegerType];
  const [least, most] = range;
  const wide = typeof least === "bigint";
  const result = new array(tensor.data.length);
  for (let index = 0; index < result.length; index += 1) {
    const given = tensor.data[index];
    const value = typeof given === "boolean" && tensor.datatype === "BOOL" ? Number(given) : given;
    const whole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    if (!whole || value < least || value > most) throw unfit(tensor, given, wanted(tensor.datatype, least, most));
    if (wide && typeof value === "number" && !Number.isSafeInteger(value)) {
      throw unfit(tensor, given, "a bigint from 2^53 on, because a number no longer holds every integer");
    }
    result[index] = wide ? BigInt(value) : Number(value);
  }
  return result;
}

function wanted(datatype: DataType, least: number | bigint, most: number | bigint): string {
  return datatype === "BOOL" ? "true or false, 1 or 0" : `a whole number from ${least} to ${most}`;
}

function unfit(tensor: InputTensor, value: unknown, needed: string): InferenceError {
  return problem(tensor, `has the value ${shown(value)}, but ${tensor.datatype} takes ${needed}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "[…]" : String(value);
}

function problem({ name }: TensorHeader, what: string): InferenceError {
  return new InferenceError(`tensor "${name}" ${what}`);
}
