import { table } from "../text/table.ts";
/** A variable of the container's environment that its start script reads. */
export interface StartVariable {
  /**
   * The first release whose start script passes it to Triton; earlier ones ignore it. Default: all published ones do.
   */
  readonly since?: string;
  /** The option of `tritonserver` that it becomes. Default: none. */
  readonly option?: string;
  /** The type of its value, if it differs from the option's. */
  readonly value?: "integer" | "float";
  /** The allowed values. Default: those of the option. */
  readonly values?: readonly string[];
}

const python = "backend-config";

/**
 * The variables that the container's start script reads, without those that SageMaker sets itself.
 * Source: docker/sagemaker/serve by release branch in https://github.com/triton-inference-server/server, for example
 * https://github.com/triton-inference-server/server/compare/r23.06...r23.07
 */
export const startVariables: Readonly<Record<string, StartVariable | undefined>> = table({
  SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: {},
  SAGEMAKER_TRITON_BUFFER_MANAGER_THREAD_COUNT: { option: "buffer-manager-thread-count" },
  SAGEMAKER_TRITON_THREAD_COUNT: { option: "sagemaker-thread-count" },
  SAGEMAKER_TRITON_LOG_VERBOSE: { option: "log-verbose" },
  SAGEMAKER_TRITON_LOG_INFO: { option: "log-info" },
  SAGEMAKER_TRITON_LOG_WARNING: { option: "log-warning" },
  SAGEMAKER_TRITON_LOG_ERROR: { option: "log-error" },
  SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: { since: "22.05", option: python, value: "integer" },
  SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: { since: "22.05", option: python, value: "integer" },
  SAGEMAKER_TRITON_TENSORFLOW_VERSION: { since: "22.09" },
  SAGEMAKER_TRITON_MODEL_LOAD_GPU_LIMIT: { since: "22.12", option: "model-load-gpu-limit", value: "float" },
  SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING: { since: "23.04", option: "model-namespacing" },
  SAGEMAKER_TRITON_ADDITIONAL_ARGS: { since: "23.07" },
  SAGEMAKER_TRITON_ALLOW_GRPC: { since: "23.07", option: "allow-grpc" },
  SAGEMAKER_TRITON_GRPC_PORT: { since: "23.07", option: "grpc-port" },
  SAGEMAKER_TRITON_ALLOW_METRICS: { since: "23.07", option: "allow-metrics" },
  SAGEMAKER_TRITON_METRICS_PORT: { since: "23.07", option: "metrics-port" },
  SAGEMAKER_TRITON_OVERRIDE_PING_MODE: { since: "23.07", values: ["ready", "live"] },
  SAGEMAKER_TRITON_PING_MODE: { since: "23.07", values: ["ready", "live"] },
  SAGEMAKER_TRITON_INFERENCE_TYPE: { since: "25.03", values: ["infer", "generate", "generate_stream"] },
});

/**
 * The variables that the start script reads but SageMaker sets, and why they must not be set otherwise.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/build-multi-model-build-container.html and
 * https://docs.aws.amazon.com/sagemaker/latest/dg/multi-container-direct.html
 */
export const variablesOfSageMaker: Readonly<Record<string, string | undefined>> = table({
  SAGEMAKER_MULTI_MODEL: "SageMaker sets it itself, with the setting multiModel",
  SAGEMAKER_BIND_TO_PORT: "SageMaker sets it itself where a container needs another port than 8080",
  SAGEMAKER_SAFE_PORT_RANGE: "SageMaker sets it itself, together with SAGEMAKER_BIND_TO_PORT",
});
