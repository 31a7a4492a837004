import type { ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";
import type { OnnxFile, TensorInfo } from "./onnx.ts";
import { tritonType } from "./onnxTypes.ts";

/**
 * The default batch size of a model that can batch.
 * Source: `SetBackendConfigDefaults` in https://github.com/triton-inference-server/core/blob/main/src/backend_model.cc
 */
const DEFAULT_MAX_BATCH_SIZE = 4;

/**
 * Checks whether a model can batch: every input and output starts with a dimension of any size.
 *
 * @param file the model
 * @returns `undefined` if ONNX Runtime infers an output's shape that the file doesn't contain
 */
export function canBatch({ inputs, outputs }: OnnxFile): boolean | undefined {
  const shaped = outputs.filter(({ shapeless }) => !shapeless);
  if (![...inputs, ...shaped].every(({ dims }) => dims[0] === -1)) return false;
  return shaped.length === outputs.length ? true : undefined;
}

/**
 * Checks whether the backend completes a configuration: only if it leaves out its inputs or outputs.
 *
 * @param config the configuration as it is written
 */
export function isCompleted({ input, output, batch_input }: ModelConfig): boolean {
  return input.length + batch_input.length === 0 || output.length === 0;
}

/**
 * Completes a configuration from the model's file, as the ONNX Runtime backend does.
 * Source: `AutoCompleteConfig` in
 * https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param config the configuration as written
 * @param file the model
 * @returns the configuration that the model is loaded with; only partially completed if the backend refuses it, or if
 * the file doesn't contain every shape
 */
export function completeOnnx(config: ModelConfig, file: OnnxFile): ModelConfig {
  if (!isCompleted(config)) return config;
  const batches = canBatch(file) ?? false;
  const maxBatchSize = batches && config.max_batch_size === 0 ? DEFAULT_MAX_BATCH_SIZE : config.max_batch_size;
  const schedules = config.dynamic_batching ?? config.sequence_batching ?? config.ensemble_scheduling;
  const side = (given: readonly ModelTensor[], found: readonly TensorInfo[]) =>
    given.length > 0 ? given : found.map((tensor) => completedTensor(tensor, maxBatchSize > 0));
  return {
    ...config,
    max_batch_size: maxBatchSize,
    input: config.batch_input.length > 0 ? config.input : side(config.input, file.inputs),
    output: side(config.output, file.outputs),
    ...(batches && maxBatchSize > 1 && !schedules && { dynamic_batching: dynamicBatching }),
  };
}

function completedTensor({ name, elementType, dims: shape }: TensorInfo, batching: boolean): ModelTensor {
  const dims = batching ? shape.slice(1) : shape;
  return {
    name,
    data_type: tritonType(elementType) ?? "TYPE_INVALID",
    dims: dims.length > 0 ? dims : [1],
    // A scalar: with a batch, the backend sees a shape with only the batch dimension.
    reshape: dims.length === 0 && batching ? { shape: [] } : null,
    is_shape_tensor: false,
    is_non_linear_format_io: false,
  };
}

const dynamicBatching = {
  preferred_batch_size: [],
  max_queue_delay_microseconds: 0,
  preserve_ordering: false,
  priority_levels: 0,
  default_priority_level: 0,
  default_queue_policy: null,
  priority_queue_policy: {},
};
