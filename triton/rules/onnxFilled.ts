import type { Finding } from "../repository/finding.ts";
import type { ConfigPath } from "../config/modelConfig.ts";
import type { BatchTensor, ModelConfig } from "../config/modelConfigTypes.ts";
import type { OnnxFile, TensorInfo } from "../models/onnx.ts";
import { tritonType } from "../models/onnxTypes.ts";
import { list, tensorsByName, unknownTensor } from "./modelTensors.ts";

/**
 * The rules for the tensors of an ONNX model that Triton fills or keeps itself, which the backend only counts when it
 * loads the model: `batch_input`, and the states of sequences. ONNX Runtime refuses each request if one doesn't fit.
 * Source: `ValidateInputs` and `SetInputTensors` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 * and `BatchInputShape` in https://github.com/triton-inference-server/backend/blob/main/src/backend_input_collector.cc
 *
 * @param config the configuration, completed from the model's file
 * @param file the model
 */
export function* onnxFilledFindings(config: ModelConfig, file: OnnxFile): Generator<Finding> {
  const inputs = tensorsByName(file.inputs);
  const outputs = tensorsByName(file.outputs);
  for (const [index, tensor] of config.batch_input.entries()) {
    for (const name of tensor.target_name) {
      yield* misfit("input", name, tensor, inputs, ["batch_input", index]);
    }
  }
  for (const [index, state] of (config.sequence_batching?.state ?? []).entries()) {
    const at = ["sequence_batching", "state", index];
    yield* misfit("input", state.input_name, state, inputs, at);
    yield* misfit("output", state.output_name, state, outputs, at);
  }
}

function* misfit(
  side: "input" | "output",
  name: string,
  tensor: Pick<BatchTensor, "data_type"> & Partial<Pick<BatchTensor, "kind">>,
  known: ReadonlyMap<string, TensorInfo>,
  at: ConfigPath,
): Generator<Finding> {
  const code = "model-filled-tensor";
  const own = known.get(name);
  if (!own) {
    const { message, remedy } = unknownTensor(side, name, known, at);
    yield { code, at, message: `${message} ${EACH_FAILS}`, remedy };
    return;
  }
  const right = tritonType(own.elementType);
  if (right !== undefined && tensor.data_type !== right) {
    yield {
      code,
      at: [...at, "data_type"],
      message: `The ${side} "${name}" is ${String(tensor.data_type)} here, but ${right} in the model. ${EACH_FAILS}`,
      remedy:
        ["TYPE_FP32", "TYPE_INT32"].includes(right) || tensor.kind === undefined
          ? `Write ${right}.`
          : "Export the model with TYPE_FP32 or TYPE_INT32 there, the types of a batch_input.",
    };
  }
  if (tensor.kind === undefined || own.shapeless) return;
  const rank = tensor.kind === "BATCH_ITEM_SHAPE" ? 2 : 1;
  if (own.dims.length === rank) return;
  yield {
    code,
    at: [...at, "kind"],
    message: `A batch_input of kind ${tensor.kind} has ${rank === 1 ? "one dimension" : "two dimensions"}, but the model's input "${name}" has the shape ${list(own.dims)}. ${EACH_FAILS}`,
    remedy: "Use another kind, or export the model with such an input.",
  };
}

const EACH_FAILS = "Triton loads the model, and then each request fails.";
