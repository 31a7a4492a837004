import type { ModelConfig } from "../triton/config/modelConfig.ts";
import type { InferenceRequest } from "./index.ts";
import { kserveType } from "./kserveType.ts";
import { elementCount, type Value } from "./tensorTypes.ts";

/**
 * Makes a request of zeros and empty strings that fits a model, with size one for the batch and for each open
 * dimension. It leaves out optional inputs, if any others remain, and the control inputs and states that Triton fills
 * in itself.
 *
 * @param config the model's configuration
 * @param steps the configurations of an ensemble's steps: if one of them needs a sequence id, so does the ensemble,
 * which passes it on. The request then starts and ends a sequence. Default: none
 */
export function zeroRequest(config: ModelConfig, steps: readonly ModelConfig[] = []): InferenceRequest {
  const batch = config.max_batch_size > 0 ? [1] : [];
  const required = config.input.filter(({ optional }) => !optional);
  const inputs = (required.length > 0 ? required : config.input).map(({ name, data_type, dims }) => {
    const shape = [...batch, ...dims.map((dim) => (dim < 0 ? 1 : dim))];
    const zero = data_type === "TYPE_STRING" ? "" : data_type === "TYPE_BOOL" ? false : 0;
    return { name, datatype: kserveType(data_type), shape, data: new Array<Value>(elementCount(shape)).fill(zero) };
  });
  const sequence = [config, ...steps].map(sequenceIdOf).find((known) => known !== undefined);
  if (sequence === undefined) return { inputs };
  const id = sequence === "text" ? "1".padStart(longestId, "0") : 1;
  return { inputs, parameters: { sequence_id: id, sequence_start: true, sequence_end: true } };
}

/**
 * The longest string that Triton accepts as a sequence id; releases 24.09 to 25.03 don't answer shorter ones.
 * Source: STRING_CORRELATION_ID_MAX_LENGTH_BYTES in https://github.com/triton-inference-server/core/blob/main/src/constants.h
 */
const longestId = 128;

/**
 * The sequence id that a sequence model needs; `undefined` for all other models.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_sequence.md
 *
 * @param config the model's configuration
 */
function sequenceIdOf({ sequence_batching: batching }: ModelConfig): "number" | "text" | undefined {
  if (!batching) return undefined;
  const signals = batching.control_input.flatMap(({ control }) => control);
  const id = signals.find(({ kind }) => kind === "CONTROL_SEQUENCE_CORRID");
  return id?.data_type === "TYPE_STRING" ? "text" : "number";
}

/**
 * Whether a model or one of its steps is decoupled, so may send any number of responses: SageMaker's `/invocations`
 * then refuses every request.
 *
 * @param configs the configurations of the model and its steps
 */
export function isDecoupled(configs: readonly ModelConfig[]): boolean {
  return configs.some(({ model_transaction_policy: policy }) => policy?.decoupled);
}
