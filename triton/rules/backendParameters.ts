import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { table } from "../../text/table.ts";

type Kind = "integer" | "boolean" | "0 or 1";

/** The parameters that a backend parses when it loads a model. */
const parameters: Readonly<Record<string, Readonly<Record<string, Kind>> | undefined>> = table({
  onnxruntime: {
    execution_mode: "0 or 1",
    intra_op_thread_count: "integer",
    inter_op_thread_count: "integer",
    enable_mem_arena: "boolean",
    enable_mem_pattern: "boolean",
  },
  pytorch: {
    DISABLE_OPTIMIZED_EXECUTION: "boolean",
    ENABLE_CACHE_CLEANING: "boolean",
    INFERENCE_MODE: "boolean",
    DISABLE_CUDNN: "boolean",
    ENABLE_TENSOR_FUSER: "boolean",
    ENABLE_WEIGHT_SHARING: "boolean",
    ENABLE_JIT_PROFILING: "boolean",
    ENABLE_JIT_EXECUTOR: "boolean",
    INTRA_OP_THREAD_COUNT: "integer",
    INTER_OP_THREAD_COUNT: "integer",
  },
});

/**
 * The rules for parameters of the ONNX Runtime and PyTorch backends: a value that can't be parsed keeps the model from
 * loading.
 * Sources: the constructor of `ModelState` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 * and `ParseParameters` in https://github.com/triton-inference-server/pytorch_backend/blob/main/src/pt/model_state.cc
 */
export function* backendParameterRules({ config, completed }: ServedModel): Generator<Finding> {
  if (!config || !["", `libtriton_${completed?.backend ?? ""}.so`].includes(config.runtime)) return;
  for (const [name, kind] of Object.entries(parameters[completed?.backend ?? ""] ?? {})) {
    const value = config.parameters[name]?.string_value;
    if (value === undefined || isOf(kind, value)) continue;
    yield {
      code: "backend-parameter-invalid",
      at: ["parameters", name],
      message: `The parameter ${name} is "${value}", but the backend expects ${described[kind]}.`,
      remedy: `Write { string_value: "${kind === "boolean" ? "true" : "1"}" }, or another such value, or remove it.`,
    };
  }
}

const described: Readonly<Record<Kind, string>> = {
  integer: "a whole number",
  boolean: "true or false, on or off, 1 or 0",
  "0 or 1": "0 or 1",
};

/** Source: `ParseBoolValue` and `ParseIntValue`, C++'s stoi, in https://github.com/triton-inference-server/backend/blob/main/src/backend_common.cc */
function isOf(kind: Kind, value: string): boolean {
  if (kind === "boolean") return /^(true|on|1|false|off|0)$/i.test(value);
  const number = /^\s*[+-]?\d+/.exec(value)?.[0];
  if (number === undefined || Math.abs(Number(number)) > 2 ** 31 - 1) return false;
  return kind === "integer" || [0, 1].includes(Number(number));
}
