// numpy's file format. It is small, and the existing libraries read only this machine's byte order, break strings
// outside the Basic Multilingual Plane, and leave Fortran order to the caller. Source:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { checkShape } from "./checkHeader.ts";
import { narrowToFp16 } from "./halfFloats.ts";
import { InferenceError } from "./inferenceError.ts";
import { dataOfBytes, tensorBytes } from "./tensorBytes.ts";
import { elementCount, type DataType, type InputTensor, type Tensor } from "./tensorTypes.ts";
import { table } from "../text/table.ts";

/**
 * Reads an array that `numpy.save` wrote: booleans, integers, floats, `bfloat16` of ml_dtypes, byte strings and texts, in either
 * byte order and either memory order.
 *
 * @param name the tensor's name
 * @param file the file's content
 * @throws InferenceError if the file isn't such an array or holds Python objects
 */
export function readNpy(name: string, file: Uint8Array): InputTensor {
  const { descr, fortranOrder, shape, begin } = readHeader(name, file);
  const [, order = "", kind = "", width = ""] = /^([<>|=]?)([a-zA-Z])(\d+)$/.exec(descr) ?? [];
  const size = Number(width);
  const datatype = kind === "S" || kind === "U" ? "BYTES" : numberTypes[`${kind}${width}`];
  if (datatype === undefined) throw new InferenceError(`${name}: ${refusedType(descr)}`);
  const itemSize = kind === "U" ? 4 * size : size;
  const length = elementCount(shape) * itemSize;
  if (file.length < begin + length) {
    throw new InferenceError(
      `${name}: the file ends early: its array has ${length} bytes, ${file.length - begin} are there`,
    );
  }
  const bytes = Uint8Array.from(file.subarray(begin, begin + length));
  if (order === ">") swap(bytes, kind === "U" ? 4 : size);
  const ordered = fortranOrder && shape.length > 1 ? rowMajor(bytes, shape, itemSize) : bytes;
  const header = { name, datatype, shape };
  if (datatype === "BYTES") return { ...header, data: texts(name, ordered, itemSize, kind === "U") };
  return { ...header, data: dataOfBytes(header, ordered) };
}

/**
 * Writes a tensor as `numpy.save` would. `BYTES` become byte strings padded with zeros to the longest one, as numpy
 * does; `BF16`, which numpy lacks, becomes `float32`.
 *
 * @param tensor the tensor
 * @throws InferenceError if one of its strings ends in a zero byte, which numpy would take for padding, or if padding
 * would make the file larger than 1 GiB
 */
export function writeNpy(tensor: Tensor): Uint8Array {
  const { datatype, data, shape } = tensor;
  const [descr, content] =
    datatype === "BYTES"
      ? padded(tensor.name, data as readonly Uint8Array[])
      : datatype === "BF16"
        ? ["<f4", tensorBytes({ ...tensor, datatype: "FP32" })]
        : [descrOf(datatype), tensorBytes(datatype === "FP16" ? { ...tensor, data: fp16Bits(tensor) } : tensor)];
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((size) => `${size},`).join("")}), }`;
  // The array begins at a multiple of 64.
  const header = `${dict.padEnd(Math.ceil((10 + dict.length + 1) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([magic, Buffer.of(1, 0), length, Buffer.from(header, "latin1"), content]);
}

const magic = Buffer.from("\u0093NUMPY", "latin1");

const numberTypes: Readonly<Record<string, DataType>> = table({
  ...{ b1: "BOOL", u1: "UINT8", i1: "INT8", u2: "UINT16", i2: "INT16", u4: "UINT32", i4: "INT32" },
  ...{ u8: "UINT64", i8: "INT64", f2: "FP16", V2: "BF16", f4: "FP32", f8: "FP64" },
});

function descrOf(datatype: DataType): string {
  const [type = ""] = Object.entries(numberTypes).find(([, name]) => name === datatype) ?? [];
  return `${type.endsWith("1") ? "|" : "<"}${type}`;
}

function fp16Bits({ data }: Tensor): Uint16Array {
  return data instanceof Uint16Array ? data : narrowToFp16(data as Float32Array);
}

function padded(name: string, texts: readonly Uint8Array[]): [string, Uint8Array] {
  if (texts.some((text) => text.at(-1) === 0)) {
    throw new InferenceError(
      `"${name}" has a string that ends in a zero byte, which numpy would drop as padding: save it as .json`,
    );
  }
  const width = texts.reduce((longest, { length }) => Math.max(longest, length), 1);
  if (width * texts.length > MOST_PADDED) {
    throw new InferenceError(
      `a .npy file would pad ${texts.length} strings to the longest one, of ${width} bytes: save them as .json`,
    );
  }
  const content = new Uint8Array(width * texts.length);
  texts.forEach((text, index) => {
    content.set(text, index * width);
  });
  return [`|S${width}`, content];
}

/** The size of padded strings beyond which another format is the better one, in bytes. */
const MOST_PADDED = 2 ** 30;

interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** The offset of the array's bytes. */
  readonly begin: number;
}

function readHeader(name: string, file: Uint8Array): NpyHeader {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  if (!buffer.subarray(0, 6).equals(magic) || buffer.length < 12) {
    throw new InferenceError(`${name}: not a .npy file: write it with numpy.save`);
  }
  const long = (buffer[6] ?? 0) > 1;
  const from = long ? 12 : 10;
  const begin = from + (long ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8));
  if (begin > from + MOST_HEADER || begin > buffer.length) {
    throw new InferenceError(
      `${name}: the .npy file's header has ${begin - from} bytes: numpy reads ${MOST_HEADER} at most`,
    );
  }
  const dict = buffer.toString("latin1", from, begin);
  const [, descr = ""] = /'descr'\s*:\s*'([^']*)'/.exec(dict) ?? [];
  const [, shape] = /'shape'\s*:\s*\(([^)]*)\)/.exec(dict) ?? [];
  if (shape === undefined || !/^[\d\s,]*$/.test(shape)) {
    throw new InferenceError(`${name}: the header of the .npy file can't be read: ${dict.trim().slice(0, 200)}`);
  }
  const sizes = shape.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  checkShape(name, sizes);
  return { descr, fortranOrder: /'fortran_order'\s*:\s*True/.test(dict), shape: sizes, begin };
}

/** Source: https://numpy.org/doc/stable/reference/generated/numpy.load.html (max_header_size) */
const MOST_HEADER = 10_000;

function refusedType(descr: string): string {
  if (descr.includes("O"))
    return "the array holds Python objects: save texts as dtype S or U, numbers as a number type";
  return `arrays of dtype ${descr === "" ? "with fields" : descr} have no equivalent among Triton's types: convert it first`;
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; width > 1 && at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** numpy's `F` order has the first dimension vary fastest; the wire's has the last. */
function rowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const ordered = new Uint8Array(bytes.length);
  const strides = shape.map((_, dimension) => elementCount(shape.slice(0, dimension)));
  const position = shape.map(() => 0);
  for (let to = 0; to < bytes.length; to += size) {
    const from = size * position.reduce((sum, at, dimension) => sum + at * (strides[dimension] ?? 0), 0);
    ordered.set(bytes.subarray(from, from + size), to);
    for (let dimension = shape.length - 1; dimension >= 0; dimension -= 1) {
      position[dimension] = (position[dimension] ?? 0) + 1;
      if ((position[dimension] ?? 0) < (shape[dimension] ?? 0)) break;
      position[dimension] = 0;
    }
  }
  return ordered;
}

/** Fixed-width strings, which numpy pads with trailing zeros. */
function texts(name: string, bytes: Uint8Array, size: number, isUnicode: boolean): Uint8Array[] {
  const count = size === 0 ? 0 : bytes.length / size;
  return Array.from({ length: count }, (_, index) => {
    const item = Buffer.from(bytes.subarray(index * size, (index + 1) * size));
    if (!isUnicode) return item.subarray(0, item.findLastIndex((byte) => byte !== 0) + 1);
    const points = Array.from({ length: size / 4 }, (_, at) => item.readUInt32LE(4 * at));
    const letters = points.slice(0, points.findLastIndex((point) => point !== 0) + 1);
    const text = letters.map((point) => (point > 0x10ffff ? "\ud800" : String.fromCodePoint(point))).join("");
    if (text.isWellFormed()) return Buffer.from(text);
    throw new InferenceError(
      `${name}: the array has a text with characters that UTF-8 can't hold: save bytes as dtype S`,
    );
  });
}
