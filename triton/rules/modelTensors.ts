import { enumerated } from "../enumerated.ts";
import type { Finding } from "../repository/finding.ts";
import type { ConfigPath } from "../config/modelConfig.ts";
import type { ModelTensor } from "../config/modelConfigTypes.ts";
import type { TensorInfo } from "../models/onnx.ts";
import { tritonType } from "../models/onnxTypes.ts";

/**
 * The finding for a tensor that the model's file doesn't have.
 * Source: `ValidateInputs` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param side whether it is an input or an output
 * @param known the model's tensors by name
 * @param at its path in the configuration
 */
export function unknownTensor(
  side: "input" | "output",
  name: string,
  known: ReadonlyMap<string, TensorInfo>,
  at: ConfigPath,
): Finding {
  return {
    code: "model-tensor-unknown",
    at: [...at, "name"],
    message: `The model has no ${side} "${name}".`,
    remedy: known.size === 0 ? "Remove it." : `Use one that it has: ${enumerated(known.keys(), known.size)}.`,
  };
}

/** A model's tensors by name, of which the first of several with one name counts. */
export function tensorsByName<Tensor extends { readonly name: string }>(
  tensors: readonly Tensor[],
): ReadonlyMap<string, Tensor> {
  const named = new Map<string, Tensor>();
  for (const tensor of tensors) if (!named.has(tensor.name)) named.set(tensor.name, tensor);
  return named;
}

/**
 * The rule for a tensor's type: it must be the model's.
 * Source: `ValidateInputs` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param side whether it is an input or an output
 * @param tensor the configuration's tensor
 * @param own the model's
 * @param at its path in the configuration
 */
export function* typeFindings(
  side: "input" | "output",
  { name, data_type: type }: Pick<ModelTensor, "name" | "data_type">,
  own: TensorInfo,
  at: ConfigPath,
): Generator<Finding> {
  const right = tritonType(own.elementType) ?? "";
  if (type === "TYPE_INVALID" || type === right) return;
  yield {
    code: "model-type-mismatch",
    at: [...at, "data_type"],
    message: `The ${side} "${name}" is ${type} here, but ${right} in the model.`,
    remedy: `Write ${right}.`,
  };
}

/**
 * The rule for a tensor's shape: with the batch in front, it must fit the model's.
 * Sources: `CompareDimsSupported` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime_utils.cc
 * and `CompareDims` in https://github.com/triton-inference-server/tensorflow_backend/blob/main/src/tensorflow_utils.cc
 *
 * @param side whether it is an input or an output
 * @param tensor the configuration's tensor
 * @param own the model's
 * @param maxBatchSize the configuration's
 * @param tensorAt its path in the configuration
 */
export function* shapeFindings(
  side: "input" | "output",
  tensor: ModelTensor,
  own: TensorInfo,
  maxBatchSize: number,
  tensorAt: ConfigPath,
): Generator<Finding> {
  const field = tensor.reshape ? "reshape" : "dims";
  const dims = tensor.reshape?.shape ?? tensor.dims;
  const at = [...tensorAt, field];
  const heading = `The ${field} of "${tensor.name}" ${tensor.reshape ? "is" : "are"} ${list(dims)}`;
  const called = `the model's ${side} "${tensor.name}"`;
  if (own.dims.length === 0) {
    if (dims.every((dim) => dim === 1)) return;
    yield {
      code: "model-shape-mismatch",
      at,
      message: `${heading}, but ${called} is a scalar.`,
      remedy: "Write dims: [ 1 ].",
    };
    return;
  }
  const batching = maxBatchSize > 0;
  if (batching && own.dims[0] !== -1) {
    yield {
      code: "model-batching-mismatch",
      at: ["max_batch_size"],
      message: `max_batch_size is ${maxBatchSize}, but ${called} starts with the fixed size ${String(own.dims[0])} in its shape ${list(own.dims)}.`,
      remedy:
        "Set max_batch_size to 0 and put the whole shape into dims, or export the model with a first dimension of any size.",
    };
    return;
  }
  const full = batching ? [-1, ...dims] : dims;
  // A model's input of any size accepts what the configuration promises, but an output must be -1 too.
  const fits = (size: number, index: number) => size === full[index] || (side === "input" && size === -1);
  if (own.dims.length === full.length && own.dims.every(fits)) return;
  yield {
    code: "model-shape-mismatch",
    at,
    message: `${heading}${batching ? `, with the batch ${list(full)}` : ""}, and ${called} has the shape ${list(own.dims)}.`,
    remedy: shapeRemedy(own.dims, batching),
  };
}

function shapeRemedy(shape: readonly number[], batching: boolean): string {
  const dims = batching ? shape.slice(1) : shape;
  return dims.length === 0 ? "Write dims: [ 1 ] and reshape: { shape: [ ] }." : `Write dims: [ ${dims.join(", ")} ].`;
}

/**
 * Formats a shape.
 *
 * @param numbers its sizes
 */
export function list(numbers: readonly number[]): string {
  return `[${numbers.join(", ")}]`;
}
