import type { ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";

/**
 * Completes a configuration as the vLLM backend does: it adds the inputs and outputs that are missing by their names,
 * makes the model decoupled, and leaves batches to vLLM.
 * Source: `auto_complete_config` in https://github.com/triton-inference-server/vllm_backend/blob/main/src/model.py
 *
 * @param config the configuration as written; `vllmRules` say what the backend refuses in it
 */
export function completeVllm(config: ModelConfig): ModelConfig {
  const side = (written: readonly ModelTensor[], added: readonly ModelTensor[]) => [
    ...written,
    ...added.filter(({ name }) => !written.some((tensor) => tensor.name === name)),
  ];
  return {
    ...config,
    max_batch_size: 0,
    input: side(config.input, inputs),
    output: side(config.output, outputs),
    model_transaction_policy: { decoupled: true },
  };
}

function tensor(name: string, type: string, size: number): ModelTensor {
  return {
    ...{ name, data_type: `TYPE_${type}`, dims: [size], reshape: null },
    ...{ is_shape_tensor: false, is_non_linear_format_io: false },
  };
}

function optional(name: string, type: string, size = 1): ModelTensor {
  return { ...tensor(name, type, size), optional: true };
}

/** Those of release 26.01 and later; before, there were fewer. */
const inputs = [
  tensor("text_input", "STRING", 1),
  optional("image", "STRING", -1),
  optional("stream", "BOOL"),
  optional("sampling_parameters", "STRING"),
  optional("exclude_input_in_output", "BOOL"),
  optional("return_finish_reason", "BOOL"),
  optional("return_cumulative_logprob", "BOOL"),
  optional("return_logprobs", "BOOL"),
  optional("return_num_input_tokens", "BOOL"),
  optional("return_num_output_tokens", "BOOL"),
  optional("embedding_request", "STRING"),
];

const outputs = [
  tensor("text_output", "STRING", -1),
  tensor("finish_reason", "STRING", -1),
  tensor("cumulative_logprob", "FP32", -1),
  tensor("logprobs", "STRING", -1),
  tensor("num_input_tokens", "UINT32", 1),
  tensor("num_output_tokens", "UINT32", -1),
];
