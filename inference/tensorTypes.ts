/** Every data type that a tensor may have, as KServe names it: Triton's `TYPE_…` without the prefix, `TYPE_STRING` is `BYTES`. */
export const dataTypes = [
  "BOOL",
  "UINT8",
  "INT8",
  "UINT16",
  "INT16",
  "UINT32",
  "INT32",
  "UINT64",
  "INT64",
  "FP16",
  "BF16",
  "FP32",
  "FP64",
  "BYTES",
] as const;

/** One of the data types. */
export type DataType = (typeof dataTypes)[number];

/**
 * A tensor's values as read: a typed array, or a list of byte strings for `BYTES`. `BOOL` has a byte of 0 or 1 for each
 * value; `FP16` and `BF16` are widened to 32 bits, which loses nothing, unless their raw bits were requested.
 */
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly Uint8Array[];

/** One value in plain JavaScript. */
export type Value = number | bigint | boolean | string;

/**
 * A tensor's values as callers may give them: the same as read, or any list of plain values. A `Uint16Array` for `FP16`
 * or `BF16` holds raw bits, for callers who round in their own way.
 */
export type TensorInput = TensorData | ArrayLike<Value | Uint8Array>;

/** A tensor without its values. */
export interface TensorHeader {
  /** The tensor's name. */
  readonly name: string;
  /** The type of its values. */
  readonly datatype: DataType;
  /** Its shape, batch dimension included. */
  readonly shape: readonly number[];
  /** KServe's and Triton's extensions. The codec adds what binary tensors need. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A tensor as read. */
export interface Tensor extends TensorHeader {
  /** The values in row-major order. They may share memory with the body they were read from. */
  readonly data: TensorData;
}

/** A tensor to encode. */
export interface InputTensor extends TensorHeader {
  /** The values in row-major order. */
  readonly data: TensorInput;
}

/**
 * Counts the values of a shape.
 *
 * @param shape the dimensions; an empty shape is a single value
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
