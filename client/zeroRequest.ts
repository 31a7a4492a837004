import type { ModelConfig } from "../triton/modelConfig.ts";
import type { InferenceRequest } from "./inference.ts";
import { kserveType } from "./kserveType.ts";
import { elementCount, type Value } from "./tensorTypes.ts";

/**
 * A request of zeros and empty texts that fits a model: one of the batch, and one where a dimension may have any size. It leaves
 * optional inputs out, as long as another one is left, and what Triton itself gives a model: control inputs and states.
 *
 * @param config the model's configuration
 * @param steps the configurations of what an ensemble runs: it passes a sequence's id on, and so needs what one of them needs.
 * The request is then the first and the last of a sequence. Default: none
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
 * The longest text that Triton takes for a sequence's id; releases from 24.09 up to 25.03 answer no shorter one.
 * Source: STRING_CORRELATION_ID_MAX_LENGTH_BYTES in https://github.com/triton-inference-server/core/blob/main/src/constants.h
 */
const longestId = 128;

/**
 * What a model of sequences knows each by; `undefined` for all other models.
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
 * Whether a model, or what it runs, may answer a request as often as it likes: SageMaker's `/invocations` then refuses every
 * request.
 *
 * @param configs the model's configuration, and those of what it runs
 */
export function isDecoupled(configs: readonly ModelConfig[]): boolean {
  return configs.some(({ model_transaction_policy: policy }) => policy?.decoupled);
}
