import type { Finding } from "../repository/finding.ts";
import type { ConfigPath } from "../config/modelConfig.ts";
import type { ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";
import type { OnnxFile, TensorInfo } from "../models/onnx.ts";
import { holds } from "../releases/releaseFacts.ts";
import { list, shapeFindings, typeFindings, unknownTensor } from "./modelTensors.ts";

/**
 * The rules for the inputs of an ONNX model's configuration.
 * Source: `ValidateInputs` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param config the configuration, completed from the model's file
 * @param file the model
 * @param release `YY.MM` of the Triton image. Default: the newest
 */
export function* onnxInputFindings(
  config: ModelConfig,
  file: OnnxFile,
  release: string | undefined,
): Generator<Finding> {
  yield* inputCountFindings(config, file);
  const separate = !holds("onnx-initialised-inputs", release);
  for (const [index, tensor] of config.input.entries()) {
    const at = ["input", index];
    const { name, optional = false, allow_ragged_batch: ragged = false } = tensor;
    if (optional && config.max_batch_size > 0) {
      yield {
        code: "model-optional-input",
        at: [...at, "optional"],
        message: `The input "${name}" is optional, which the backend refuses for a model that batches.`,
        remedy: "Set max_batch_size to 0 and add the batch dimension to dims, or remove optional.",
      };
    }
    const known = separate ? (optional ? file.initialised : file.inputs) : [...file.inputs, ...file.initialised];
    const own = known.find((candidate) => candidate.name === name);
    if (!own) {
      yield unknownTensor("input", name, known, at);
      continue;
    }
    yield* typeFindings("input", tensor, own, at);
    if (ragged) yield* raggedFindings(tensor, own, at);
    else yield* shapeFindings("input", tensor, own, config.max_batch_size, at);
  }
}

/**
 * The rules for the outputs of an ONNX model's configuration; it may leave some out.
 * Source: `ValidateOutputs` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param config the configuration, completed from the model's file
 * @param file the model
 */
export function* onnxOutputFindings(config: ModelConfig, file: OnnxFile): Generator<Finding> {
  const scattered = new Set(config.batch_output.flatMap(({ target_name }) => target_name));
  for (const [index, tensor] of config.output.entries()) {
    const at = ["output", index];
    const own = file.outputs.find(({ name }) => name === tensor.name);
    if (!own) {
      yield unknownTensor("output", tensor.name, file.outputs, at);
      continue;
    }
    yield* typeFindings("output", tensor, own, at);
    // ONNX Runtime infers from the operators what the file doesn't contain.
    if (!scattered.has(tensor.name) && !own.shapeless) {
      yield* shapeFindings("output", tensor, own, config.max_batch_size, at);
    }
  }
}

/**
 * The rules for an ONNX model's sequence control inputs.
 * Source: `ValidateBooleanSequenceControl` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param config the configuration, completed from the model's file
 * @param file the model
 */
export function* onnxControlFindings(config: ModelConfig, file: OnnxFile): Generator<Finding> {
  for (const [index, { name, control }] of (config.sequence_batching?.control_input ?? []).entries()) {
    const at = ["sequence_batching", "control_input", index];
    if (control.length === 0) continue;
    const own = file.inputs.find((input) => input.name === name);
    if (!own) {
      yield unknownTensor("input", name, file.inputs, at);
      continue;
    }
    const dims = config.max_batch_size > 0 ? own.dims.slice(1) : own.dims;
    if (dims.length !== 1 || dims[0] !== 1) {
      yield {
        code: "model-shape-mismatch",
        at,
        message: `The model's input "${name}" has the shape ${list(own.dims)}, but a control input has [1]${config.max_batch_size > 0 ? " after the batch" : ""}.`,
        remedy: "Export the model with that shape.",
      };
    }
    for (const { int32_false_true, fp32_false_true, bool_false_true, data_type } of control) {
      const type =
        (int32_false_true.length > 0 && "TYPE_INT32") ||
        (fp32_false_true.length > 0 && "TYPE_FP32") ||
        (bool_false_true.length > 0 && "TYPE_BOOL") ||
        data_type;
      yield* typeFindings("input", { name, data_type: type }, own, at);
    }
  }
}

function* inputCountFindings(config: ModelConfig, file: OnnxFile): Generator<Finding> {
  const { control_input: controls = [], state: states = [] } = config.sequence_batching ?? {};
  const kinds = new Set(controls.flatMap(({ control }) => control.map(({ kind }) => kind)));
  const required = config.input.filter(({ optional }) => optional !== true);
  const expected = required.length + config.batch_input.length + kinds.size + states.length;
  const needed = new Set(file.inputs.map(({ name }) => name));
  if (expected === needed.size) return;
  const given = new Set([
    ...required.map(({ name }) => name),
    ...config.batch_input.flatMap(({ target_name }) => target_name),
    ...controls.map(({ name }) => name),
    ...states.map(({ input_name }) => input_name),
  ]);
  const missing = [...needed].filter((name) => !given.has(name));
  const initialised = required.filter(({ name }) => file.initialised.some((tensor) => tensor.name === name));
  const optional = missing.filter((name) => config.input.some((tensor) => tensor.name === name));
  yield {
    code: "model-inputs-mismatch",
    at: ["input"],
    message: `The configuration has ${count(expected)} that must be given, but the model requires ${count(needed.size)}${needed.size > 0 ? `: ${[...needed].join(", ")}` : ""}.`,
    remedy:
      (optional.length > 0 && `Remove optional: true from ${optional.join(", ")}, which the model requires.`) ||
      (missing.length > 0 && `Add ${missing.join(", ")}.`) ||
      (initialised.length > 0 &&
        `Add optional: true to ${initialised.map(({ name }) => name).join(", ")}, which the model has a value for.`) ||
      "Remove inputs that the model doesn't have.",
  };
}

function* raggedFindings({ name, optional }: ModelTensor, own: TensorInfo, at: ConfigPath): Generator<Finding> {
  if (optional === true) {
    yield {
      code: "model-ragged-input",
      at: [...at, "allow_ragged_batch"],
      message: `The input "${name}" is both ragged and optional, which the backend refuses.`,
      remedy: "Remove one of the two.",
    };
  }
  if (own.dims.length === 1 && own.dims[0] === -1) return;
  yield {
    code: "model-ragged-input",
    at: [...at, "allow_ragged_batch"],
    message: `The input "${name}" is ragged, for which the model's must have the shape [-1], but it has ${list(own.dims)}.`,
    remedy: "Export the model with one dimension of any size, or remove allow_ragged_batch.",
  };
}

function count(inputs: number): string {
  return `${inputs} input${inputs === 1 ? "" : "s"}`;
}
