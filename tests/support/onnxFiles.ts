import { ForwardReader } from "../../triton/models/forwardReader.ts";
import type { OnnxFile, TensorInfo } from "../../triton/models/onnx.ts";
import { onnxModelType } from "../../triton/models/onnxSchema.ts";

/** Tensors by name: the element type and the shape, for example `FLOAT -1 4`; or what they are instead, `sequence`. */
export type Tensors = Readonly<Record<string, string>>;

/** What an ONNX file of these inputs and outputs says of itself. */
export function onnxFile(inputs: Tensors, outputs: Tensors, more: Partial<OnnxFile> = {}): OnnxFile {
  return {
    format: "onnx",
    irVersion: 8,
    opsets: { "ai.onnx": 17 },
    operatorDomains: [],
    inputs: tensorsOf(inputs),
    initialised: [],
    outputs: tensorsOf(outputs),
    externalData: [],
    ...more,
  };
}

/** Inputs or outputs. */
export function tensorsOf(tensors: Tensors): TensorInfo[] {
  return Object.entries(tensors).map(([name, text]) => {
    const [elementType = "", ...dims] = text.split(" ");
    if (elementType === elementType.toLowerCase()) {
      return { name, kind: elementType as TensorInfo["kind"], elementType: "UNDEFINED", dims: [], shapeless: true };
    }
    const shapeless = dims[0] === "?";
    return { name, kind: "tensor", elementType, dims: shapeless ? [] : dims.map(Number), shapeless };
  });
}

/** The bytes of an ONNX model, from what its messages say. */
export function onnxBytes(message: Readonly<Record<string, unknown>>): Uint8Array {
  return onnxModelType.encode(onnxModelType.fromObject(message)).finish();
}

/** A small model: `x` of any number of rows of four FLOATs, `y` likewise of three. */
export const smallModel = {
  ir_version: 8,
  opset_import: [{ version: 17 }],
  graph: {
    node: [{}],
    initializer: [{ name: "w", data_type: 1, dims: [4, 3] }],
    input: [
      { name: "x", type: { tensor_type: { elem_type: 1, shape: { dim: [{ dim_param: "N" }, { dim_value: 4 }] } } } },
    ],
    output: [{ name: "y", type: { tensor_type: { elem_type: 1, shape: { dim: [{}, { dim_value: 3 }] } } } }],
  },
};

/** A reader of bytes that come in chunks of a size; counts in `read` what was asked for. */
export function readerOf(bytes: Uint8Array, chunk = 7): ForwardReader {
  let position = 0;
  return new ForwardReader(bytes.length, (skip) => {
    const from = position + skip;
    position = Math.min(bytes.length, from + chunk);
    return Promise.resolve(bytes.subarray(from, position));
  });
}
