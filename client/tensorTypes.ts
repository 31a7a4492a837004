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
 * A tensor's values as they are read: a typed array, or for `BYTES` a list of byte strings. `BOOL` has a byte of 0 or 1 for each
 * value; `FP16` and `BF16` are widened to 32 bits, which loses nothing, unless their bits were asked for.
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
 * A tensor's values as they may be given: what is read, or any list of plain values. A `Uint16Array` for `FP16` or `BF16`
 * holds the floats' bits, so that whoever wants a rounding of their own does it first.
 */
export type TensorInput = TensorData | ArrayLike<Value | Uint8Array>;

/** What there is to say of a tensor besides its values. */
export interface TensorHeader {
  /** The tensor's name. */
  readonly name: string;
  /** The type of its values. */
  readonly datatype: DataType;
  /** Its shape, batch dimension included. */
  readonly shape: readonly number[];
  /** KServe's and Triton's extensions. What binary tensors need is added by the codec. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A tensor as it is read. */
export interface Tensor extends TensorHeader {
  /** The values in row-major order. They may share memory with the body they were read from. */
  readonly data: TensorData;
}

/** A tensor as it may be given. */
export interface InputTensor extends TensorHeader {
  /** The values in row-major order. */
  readonly data: TensorInput;
}

/**
 * How many values a shape has.
 *
 * @param shape the dimensions; none is a single value
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
