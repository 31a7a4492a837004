/**
 * The part of ModelConfig that the checks read, with the names of `config.pbtxt`; unset fields have protobuf's
 * defaults. The fields' meaning:
 * https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto
 */
export interface ModelConfig {
  /** The model's name: equal to its folder's, or empty. */
  readonly name: string;
  /** The model's format, for example `onnxruntime_onnx`, or `ensemble`. */
  readonly platform: string;
  /** The backend that serves it, for example `python`. */
  readonly backend: string;
  /** The backend's library, if not the usual one. */
  readonly runtime: string;
  /** Which versions are served; `null` for the latest. */
  readonly version_policy: VersionPolicy | null;
  /** The largest batch; 0 if the model doesn't batch. */
  readonly max_batch_size: number;
  /** The inputs of a request. */
  readonly input: readonly ModelTensor[];
  /** The outputs of a response. */
  readonly output: readonly ModelTensor[];
  /** Inputs that Triton generates for a ragged batch. */
  readonly batch_input: readonly BatchTensor[];
  /** Outputs that Triton splits by the shape of an input. */
  readonly batch_output: readonly BatchTensor[];
  /** The model's optimization; besides its presence, only the accelerators matter here. */
  readonly optimization: {
    readonly execution_accelerators?: {
      readonly gpu_execution_accelerator: readonly ExecutionAccelerator[];
      readonly cpu_execution_accelerator: readonly ExecutionAccelerator[];
    } | null;
  } | null;
  /** The scheduler that combines requests into batches. */
  readonly dynamic_batching?: DynamicBatching | null;
  /** The scheduler for sequences of requests. */
  readonly sequence_batching?: SequenceBatching | null;
  /** The steps of an ensemble. */
  readonly ensemble_scheduling?: { readonly step: readonly EnsembleStep[] } | null;
  /** The devices and the number of instances of the model. */
  readonly instance_group: readonly InstanceGroup[];
  /** The model's file, if not the backend's usual one. */
  readonly default_model_filename: string;
  /** Settings of the backend. */
  readonly parameters: Readonly<Record<string, { readonly string_value: string } | undefined>>;
  /** Labels of the model's metrics. */
  readonly metric_tags: Readonly<Record<string, string>>;
  /** Requests to run before the model counts as ready. */
  readonly model_warmup: readonly Warmup[];
  /** True if a request may have any number of responses. */
  readonly model_transaction_policy: { readonly decoupled: boolean } | null;
  /** Libraries of operators. */
  readonly model_operations: { readonly op_library_filename: readonly string[] } | null;
  /** Agents that prepare the model's files. */
  readonly model_repository_agents: { readonly agents: readonly { readonly name: string }[] } | null;
  /** True if responses are cached. */
  readonly response_cache: { readonly enable: boolean } | null;
  /** Buckets of the model's metrics. */
  readonly model_metrics: { readonly metric_control: readonly MetricControl[] } | null;
}

/** A provider that a backend runs a model's operators with. */
export interface ExecutionAccelerator {
  /** Its name, for example `tensorrt`. */
  readonly name: string;
  /** Its settings. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** An input or an output. */
export interface ModelTensor {
  /** Its name. */
  readonly name: string;
  /** `TYPE_FP32` and the like; `TYPE_INVALID` if it isn't set. */
  readonly data_type: string;
  /** Its shape without the batch; -1 for any size. */
  readonly dims: readonly number[];
  /** The shape that the backend expects, if it differs. */
  readonly reshape: { readonly shape: readonly number[] } | null;
  /** Inputs only: the order of an image's axes. */
  readonly format?: string;
  /** True if its values are a shape; TensorRT only. */
  readonly is_shape_tensor: boolean;
  /** True if it has a memory layout specific to TensorRT. */
  readonly is_non_linear_format_io: boolean;
  /** Inputs only: whether its shape may vary within a batch. */
  readonly allow_ragged_batch?: boolean;
  /** Inputs only: whether a request may omit it. */
  readonly optional?: boolean;
  /** Outputs only: a file in the model's folder that names the classes. */
  readonly label_filename?: string;
}

/** Which versions are served: one of the three is set. */
export interface VersionPolicy {
  /** The latest versions. */
  readonly latest?: { readonly num_versions: number } | null;
  /** All versions. */
  readonly all?: object | null;
  /** These versions. */
  readonly specific?: { readonly versions: readonly number[] } | null;
}

/** A `batch_input` or a `batch_output`. */
export interface BatchTensor {
  /** The kind of tensor. */
  readonly kind: string;
  /** The tensors it generates or splits. */
  readonly target_name: readonly string[];
  /** Inputs only: its type. */
  readonly data_type?: string;
  /** The inputs it is derived from. */
  readonly source_input: readonly string[];
}

/** The time that a request waits, and what happens then. */
export interface QueuePolicy {
  /** `REJECT` or `DELAY`. */
  readonly timeout_action: string;
  /** Microseconds; 0 for no limit. */
  readonly default_timeout_microseconds: number;
}

/** The scheduler that combines requests into batches. */
export interface DynamicBatching {
  /** Batch sizes worth waiting for. */
  readonly preferred_batch_size: readonly number[];
  /** The time that a request may wait for others, in microseconds. */
  readonly max_queue_delay_microseconds: number;
  /** True if responses keep the order of their requests. */
  readonly preserve_ordering: boolean;
  /** The number of priorities; 0 for none. */
  readonly priority_levels: number;
  /** The priority of a request without one. */
  readonly default_priority_level: number;
  /** The time that a request waits, unless its priority says otherwise. */
  readonly default_queue_policy: QueuePolicy | null;
  /** The time that a request waits, by priority. */
  readonly priority_queue_policy: Readonly<Record<string, QueuePolicy>>;
}

/** The scheduler for sequences of requests. */
export interface SequenceBatching {
  /** The direct strategy: each sequence has its own slot in the batch. */
  readonly direct?: { readonly minimum_slot_utilization: number } | null;
  /** The oldest-first strategy. */
  readonly oldest?: { readonly preferred_batch_size: readonly number[] } | null;
  /** Inputs that tell the model a request's position in its sequence. */
  readonly control_input: readonly {
    readonly name: string;
    readonly control: readonly SequenceControl[];
  }[];
  /** The state that Triton keeps between the requests of a sequence. */
  readonly state: readonly SequenceState[];
}

/** One signal of a control input. */
export interface SequenceControl {
  /** `CONTROL_SEQUENCE_START` and the like. */
  readonly kind: string;
  /** The numbers for false and true. */
  readonly int32_false_true: readonly number[];
  /** The numbers for false and true. */
  readonly fp32_false_true: readonly number[];
  /** The values for false and true. */
  readonly bool_false_true: readonly boolean[];
  /** The type of the sequence's id. */
  readonly data_type: string;
}

/** The state that Triton keeps between the requests of a sequence. */
export interface SequenceState {
  /** The input that receives it. */
  readonly input_name: string;
  /** The output that returns it. */
  readonly output_name: string;
  /** Its type. */
  readonly data_type: string;
  /** Its shape. */
  readonly dims: readonly number[];
  /** True if input and output share their memory. */
  readonly use_same_buffer_for_input_output: boolean;
  /** The initial state of a sequence, if any. */
  readonly initial_state: readonly {
    readonly name: string;
    readonly data_type: string;
    readonly dims: readonly number[];
    readonly data_file?: string;
    readonly zero_data?: boolean;
  }[];
}

/** A step of an ensemble. */
export interface EnsembleStep {
  /** The model that it runs. */
  readonly model_name: string;
  /** The model's version; -1: the latest. */
  readonly model_version: number;
  /** The model's inputs, each with the ensemble's tensor for it. */
  readonly input_map: Readonly<Record<string, string>>;
  /** The model's outputs, each with the ensemble's tensor that it produces. */
  readonly output_map: Readonly<Record<string, string>>;
  /** The model's repository, if it is a different one. */
  readonly model_namespace: string;
}

/** A group of instances of a model. */
export interface InstanceGroup {
  /** `KIND_AUTO`, `KIND_GPU`, `KIND_CPU` or `KIND_MODEL`. */
  readonly kind: string;
  /** The number of instances, on each of the GPUs; 0 for Triton's default. */
  readonly count: number;
  /** The GPUs, from 0. */
  readonly gpus: readonly number[];
  /** Profiles of a TensorRT engine. */
  readonly profile: readonly string[];
}

/** A request to run before the model counts as ready. */
export interface Warmup {
  /** Its batch size; with 0 it isn't run. */
  readonly batch_size: number;
  /** Its inputs by name. */
  readonly inputs: Readonly<Record<string, WarmupInput>>;
}

/** An input of a warm-up request. */
export interface WarmupInput {
  /** Its type. */
  readonly data_type: string;
  /** Its shape without the batch. */
  readonly dims: readonly number[];
  /** Zeros. */
  readonly zero_data?: boolean;
  /** Random values. */
  readonly random_data?: boolean;
  /** The content of a file in the model's folder `warmup`. */
  readonly input_data_file?: string;
}

/** The buckets of one metric. */
export interface MetricControl {
  /** The metric. */
  readonly metric_identifier: { readonly family: string } | null;
  /** The buckets. */
  readonly histogram_options?: { readonly buckets: readonly number[] } | null;
}
