import { byteSize } from "./dataTypes.ts";
import type { ModelConfig } from "./modelConfig.ts";

/** A value of a tensor: numbers, truth values or texts; 64-bit integers that JSON can't hold exactly are bigints. */
export type Value = number | bigint | boolean | string;

/** A tensor with its values, flattened in row-major order. */
export interface Tensor {
  /** The tensor's name. */
  readonly name: string;
  /** KServe's name of the type, for example `FP32` or `BYTES`. */
  readonly datatype: string;
  /** The shape, batch dimension included. */
  readonly shape: readonly number[];
  /** The values. */
  readonly data: readonly Value[];
}

/** A request. Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol */
export interface InferenceRequest {
  /** The inputs. */
  readonly inputs: readonly Tensor[];
}

/** A response. */
export interface InferenceResponse {
  /** The model that answered. */
  readonly model_name: string;
  /** The outputs. */
  readonly outputs: readonly Tensor[];
}

/** A request's or response's body as it goes over HTTP. */
export interface EncodedBody {
  /** The body. */
  readonly body: Uint8Array;
  /** Its content type. */
  readonly contentType: string;
}

/**
 * A request of zeros and empty texts that fits a model: one of the batch, and one where a dimension may have any size.
 *
 * @param config the model's configuration
 */
export function zeroRequest(config: ModelConfig): InferenceRequest {
  const batch = config.max_batch_size > 0 ? [1] : [];
  return {
    inputs: config.input
      .filter(({ optional }) => !optional)
      .map(({ name, data_type, dims }) => {
        const shape = [...batch, ...dims.map((dim) => (dim < 0 ? 1 : dim))];
        const count = shape.reduce((product, dim) => product * dim, 1);
        const zero = data_type === "TYPE_STRING" ? "" : data_type === "TYPE_BOOL" ? false : 0;
        return { name, datatype: kserveType(data_type), shape, data: new Array<Value>(count).fill(zero) };
      }),
  };
}

/**
 * Puts a request into SageMaker's binary form: a JSON header, then the tensors' bytes. It holds every type, FP16 and BF16
 * too, which JSON does not.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-triton.html and Triton's binary tensor
 * extension
 *
 * @param request the request
 */
export function encodeBinary(request: InferenceRequest): EncodedBody {
  const buffers = request.inputs.map(encodeTensor);
  const header = Buffer.from(
    JSON.stringify({
      inputs: request.inputs.map(({ name, datatype, shape }, index) => ({
        name,
        datatype,
        shape,
        parameters: { binary_data_size: buffers[index]?.length ?? 0 },
      })),
      parameters: { binary_data_output: true },
    }),
  );
  return {
    body: Buffer.concat([header, ...buffers]),
    contentType: `${binaryType};json-header-size=${header.length}`,
  };
}

/**
 * Reads a response in either form.
 *
 * @param body the response's body
 * @param contentType its content type
 */
export function decodeResponse(body: Uint8Array, contentType: string): InferenceResponse {
  const size = contentType.startsWith(binaryType)
    ? Number(/json-header-size=(\d+)/.exec(contentType)?.[1])
    : body.length;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const header = JSON.parse(bytes.toString("utf8", 0, size)) as ResponseHeader;
  let offset = size;
  const outputs = header.outputs.map(({ name, datatype, shape, data, parameters }) => {
    if (data) return { name, datatype, shape, data };
    const end = offset + (parameters?.binary_data_size ?? 0);
    const tensor = { name, datatype, shape, data: decodeValues(datatype, bytes.subarray(offset, end)) };
    offset = end;
    return tensor;
  });
  return { model_name: header.model_name, outputs };
}

interface ResponseHeader {
  readonly model_name: string;
  readonly outputs: readonly (Omit<Tensor, "data"> & {
    readonly data?: readonly Value[];
    readonly parameters?: { readonly binary_data_size?: number };
  })[];
}

const binaryType = "application/vnd.sagemaker-triton.binary+json";

function kserveType(dataType: string): string {
  return dataType === "TYPE_STRING" ? "BYTES" : dataType.replace(/^TYPE_/, "");
}

/** Reads and writes a value of a fixed-size type at an offset; Triton's byte order is that of the machine: little. */
const codecs: Record<
  string,
  { read: (b: Buffer, at: number) => Value; write: (b: Buffer, v: Value, at: number) => void }
> = {
  BOOL: { read: (b, at) => b[at] !== 0, write: (b, v, at) => b.writeUInt8(v ? 1 : 0, at) },
  UINT8: { read: (b, at) => b.readUInt8(at), write: (b, v, at) => b.writeUInt8(Number(v), at) },
  INT8: { read: (b, at) => b.readInt8(at), write: (b, v, at) => b.writeInt8(Number(v), at) },
  UINT16: { read: (b, at) => b.readUInt16LE(at), write: (b, v, at) => b.writeUInt16LE(Number(v), at) },
  INT16: { read: (b, at) => b.readInt16LE(at), write: (b, v, at) => b.writeInt16LE(Number(v), at) },
  UINT32: { read: (b, at) => b.readUInt32LE(at), write: (b, v, at) => b.writeUInt32LE(Number(v), at) },
  INT32: { read: (b, at) => b.readInt32LE(at), write: (b, v, at) => b.writeInt32LE(Number(v), at) },
  UINT64: { read: (b, at) => b.readBigUInt64LE(at), write: (b, v, at) => b.writeBigUInt64LE(BigInt(v), at) },
  INT64: { read: (b, at) => b.readBigInt64LE(at), write: (b, v, at) => b.writeBigInt64LE(BigInt(v), at) },
  FP16: {
    read: (b, at) => new DataView(b.buffer, b.byteOffset).getFloat16(at, true),
    write: (b, v, at) => {
      new DataView(b.buffer, b.byteOffset).setFloat16(at, Number(v), true);
    },
  },
  // The upper half of a 32-bit float.
  BF16: {
    read: (b, at) => Buffer.from([0, 0, b[at] ?? 0, b[at + 1] ?? 0]).readFloatLE(0),
    write: (b, v, at) => {
      const whole = Buffer.alloc(4);
      whole.writeFloatLE(Number(v));
      whole.copy(b, at, 2, 4);
    },
  },
  FP32: { read: (b, at) => b.readFloatLE(at), write: (b, v, at) => b.writeFloatLE(Number(v), at) },
  FP64: { read: (b, at) => b.readDoubleLE(at), write: (b, v, at) => b.writeDoubleLE(Number(v), at) },
};

function encodeTensor({ datatype, data }: Tensor): Buffer {
  if (datatype === "BYTES") {
    return Buffer.concat(
      data.map((value) => {
        const text = Buffer.from(String(value));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }),
    );
  }
  const size = byteSize(`TYPE_${datatype}`);
  const buffer = Buffer.alloc(size * data.length);
  data.forEach((value, index) => codecs[datatype]?.write(buffer, value, index * size));
  return buffer;
}

function decodeValues(datatype: string, bytes: Buffer): Value[] {
  const values: Value[] = [];
  if (datatype === "BYTES") {
    for (let at = 0; at < bytes.length;) {
      const end = at + 4 + bytes.readUInt32LE(at);
      values.push(bytes.toString("utf8", at + 4, end));
      at = end;
    }
    return values;
  }
  const size = byteSize(`TYPE_${datatype}`);
  const codec = codecs[datatype];
  for (let at = 0; codec && at + size <= bytes.length; at += size) values.push(codec.read(bytes, at));
  return values;
}
