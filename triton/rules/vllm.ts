import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { isDecoupled } from "../stepGraph.ts";

/**
 * The rules for a model of the vLLM backend, which completes its configuration itself and refuses another: it is decoupled and batches
 * without Triton.
 * Source: `auto_complete_config` in https://github.com/triton-inference-server/vllm_backend/blob/main/src/model.py and
 * `set_max_batch_size` and `set_model_transaction_policy` in
 * https://github.com/triton-inference-server/python_backend/blob/main/src/resources/triton_python_backend_utils.py
 */
export function* vllmRules({ config, completed }: ServedModel): Generator<Finding> {
  if (!config || completed?.backend !== "vllm") return;
  if (config.max_batch_size > 0) {
    yield {
      code: "vllm-config-refused",
      at: ["max_batch_size"],
      message: `max_batch_size is ${config.max_batch_size}, but the vLLM backend sets 0 and refuses to load a model with more: vLLM itself batches the requests.`,
      remedy: "Remove max_batch_size; max_num_seqs in model.json bounds vLLM's own batches.",
    };
  }
  if (config.model_transaction_policy && !config.model_transaction_policy.decoupled) {
    yield {
      code: "vllm-config-refused",
      at: ["model_transaction_policy"],
      message:
        "model_transaction_policy isn't decoupled, but the vLLM backend sets that and refuses to load a model that says otherwise.",
      remedy: "Remove model_transaction_policy, or write decoupled: true.",
    };
  }
}

/**
 * The warning for a decoupled model that requests of the inference type infer go to.
 * Source: `HandleInfer` in https://github.com/triton-inference-server/server/blob/main/src/http_server.cc
 *
 * @param model the model that answers requests, which is decoupled or runs one that is
 */
export function decoupledAnswer(model: ServedModel): Finding {
  const isVllm = model.completed?.backend === "vllm" && isDecoupled(model);
  return {
    code: "default-model-decoupled",
    message: `The model is decoupled${isVllm ? ", as the vLLM backend makes it" : ""}, for which Triton refuses every request with the inference type infer.`,
    remedy: `${isVllm ? "Set" : "Answer each request once, or set"} inferenceType of modelServer to generate_stream${isVllm ? ", or to generate for a whole answer at once" : ""}.`,
  };
}
