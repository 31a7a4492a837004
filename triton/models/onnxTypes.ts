/**
 * Triton's types for ONNX's, as mapped by its ONNX Runtime backend, which refuses all others.
 * Source: `OnnxDataTypeToModelConfigDataType` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime_utils.cc
 */
const types: Readonly<Record<string, string>> = {
  BOOL: "TYPE_BOOL",
  UINT8: "TYPE_UINT8",
  UINT16: "TYPE_UINT16",
  UINT32: "TYPE_UINT32",
  UINT64: "TYPE_UINT64",
  INT8: "TYPE_INT8",
  INT16: "TYPE_INT16",
  INT32: "TYPE_INT32",
  INT64: "TYPE_INT64",
  BFLOAT16: "TYPE_BF16",
  FLOAT16: "TYPE_FP16",
  FLOAT: "TYPE_FP32",
  DOUBLE: "TYPE_FP64",
  STRING: "TYPE_STRING",
};

/**
 * Triton's type for one of ONNX's.
 *
 * @param elementType for example `FLOAT`
 * @returns for example `TYPE_FP32`; `undefined` if Triton has none
 */
export function tritonType(elementType: string): string | undefined {
  return Object.hasOwn(types, elementType) ? types[elementType] : undefined;
}
