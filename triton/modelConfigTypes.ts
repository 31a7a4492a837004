/**
 * The part of ModelConfig that the checks read, in the names of `config.pbtxt`; what is not set has protobuf's default.
 * The fields' meaning: https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto
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
  /** Which versions are served; `null`: the latest. */
  readonly version_policy: VersionPolicy | null;
  /** The largest batch; 0: the model does not batch. */
  readonly max_batch_size: number;
  /** What a request gives. */
  readonly input: readonly ModelTensor[];
  /** What a response gives. */
  readonly output: readonly ModelTensor[];
  /** Inputs that Triton makes for a ragged batch. */
  readonly batch_input: readonly BatchTensor[];
  /** Outputs that Triton splits by the shape of an input. */
  readonly batch_output: readonly BatchTensor[];
  /** How the model is run; only whether it is set matters here. */
  readonly optimization: object | null;
  /** The scheduler that gathers requests into batches. */
  readonly dynamic_batching?: DynamicBatching | null;
  /** The scheduler for sequences of requests. */
  readonly sequence_batching?: SequenceBatching | null;
  /** The steps of an ensemble. */
  readonly ensemble_scheduling?: { readonly step: readonly EnsembleStep[] } | null;
  /** On which devices and how often the model is loaded. */
  readonly instance_group: readonly InstanceGroup[];
  /** The model's file, if not the backend's usual one. */
  readonly default_model_filename: string;
  /** Settings of the backend. */
  readonly parameters: Readonly<Record<string, { readonly string_value: string } | undefined>>;
  /** Labels of the model's metrics. */
  readonly metric_tags: Readonly<Record<string, string>>;
  /** Requests that are run before the model counts as ready. */
  readonly model_warmup: readonly Warmup[];
  /** How many responses a request has. */
  readonly model_transaction_policy: { readonly decoupled: boolean } | null;
  /** Agents that prepare the model's files. */
  readonly model_repository_agents: { readonly agents: readonly { readonly name: string }[] } | null;
  /** Whether responses are cached. */
  readonly response_cache: { readonly enable: boolean } | null;
  /** Buckets of the model's metrics. */
  readonly model_metrics: { readonly metric_control: readonly MetricControl[] } | null;
}

/** An input or an output. */
export interface ModelTensor {
  /** Its name. */
  readonly name: string;
  /** `TYPE_FP32` and the like; `TYPE_INVALID` where it is not set. */
  readonly data_type: string;
  /** Its shape without the batch; -1 stands for any size. */
  readonly dims: readonly number[];
  /** The shape the backend wants, if another one. */
  readonly reshape: { readonly shape: readonly number[] } | null;
  /** Inputs only: how an image's axes lie. */
  readonly format?: string;
  /** Whether its values are a shape; TensorRT only. */
  readonly is_shape_tensor: boolean;
  /** Whether it is laid out in a way of TensorRT's own. */
  readonly is_non_linear_format_io: boolean;
  /** Inputs only: whether requests of a batch may differ in its shape. */
  readonly allow_ragged_batch?: boolean;
  /** Inputs only: whether a request may leave it out. */
  readonly optional?: boolean;
  /** Outputs only: a file in the model's folder that names the classes. */
  readonly label_filename?: string;
}

/** Which versions are served: one of the three is set. */
export interface VersionPolicy {
  /** The highest numbers. */
  readonly latest?: { readonly num_versions: number } | null;
  /** All. */
  readonly all?: object | null;
  /** These. */
  readonly specific?: { readonly versions: readonly number[] } | null;
}

/** A `batch_input` or a `batch_output`. */
export interface BatchTensor {
  /** How it is made. */
  readonly kind: string;
  /** The tensors it makes or splits. */
  readonly target_name: readonly string[];
  /** Inputs only: its type. */
  readonly data_type?: string;
  /** The inputs that it is made from. */
  readonly source_input: readonly string[];
}

/** How long a request waits, and what then. */
export interface QueuePolicy {
  /** `REJECT` or `DELAY`. */
  readonly timeout_action: string;
  /** Microseconds; 0: no limit. */
  readonly default_timeout_microseconds: number;
}

/** The scheduler that gathers requests into batches. */
export interface DynamicBatching {
  /** Batch sizes worth waiting for. */
  readonly preferred_batch_size: readonly number[];
  /** Whether responses keep the order of their requests. */
  readonly preserve_ordering: boolean;
  /** How many priorities there are; 0: none. */
  readonly priority_levels: number;
  /** The priority of a request that names none. */
  readonly default_priority_level: number;
  /** How long a request waits, unless its priority says otherwise. */
  readonly default_queue_policy: QueuePolicy | null;
  /** How long a request of a priority waits. */
  readonly priority_queue_policy: Readonly<Record<string, QueuePolicy>>;
}

/** The scheduler for sequences of requests. */
export interface SequenceBatching {
  /** A slot of the batch belongs to a sequence. */
  readonly direct?: { readonly minimum_slot_utilization: number } | null;
  /** The oldest sequences go first. */
  readonly oldest?: { readonly preferred_batch_size: readonly number[] } | null;
  /** Inputs that tell the model where in its sequence a request is. */
  readonly control_input: readonly {
    readonly name: string;
    readonly control: readonly SequenceControl[];
  }[];
  /** What Triton keeps between the requests of a sequence. */
  readonly state: readonly SequenceState[];
}

/** One signal of a control input. */
export interface SequenceControl {
  /** `CONTROL_SEQUENCE_START` and the like. */
  readonly kind: string;
  /** The numbers for no and yes. */
  readonly int32_false_true: readonly number[];
  /** The numbers for no and yes. */
  readonly fp32_false_true: readonly number[];
  /** The values for no and yes. */
  readonly bool_false_true: readonly boolean[];
  /** The type of the sequence's id. */
  readonly data_type: string;
}

/** What Triton keeps between the requests of a sequence. */
export interface SequenceState {
  /** The input that gets it. */
  readonly input_name: string;
  /** The output that gives it. */
  readonly output_name: string;
  /** Its type. */
  readonly data_type: string;
  /** Its shape. */
  readonly dims: readonly number[];
  /** What a sequence begins with: none or one. */
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
  /** The model's inputs, each with the ensemble's tensor that feeds it. */
  readonly input_map: Readonly<Record<string, string>>;
  /** The model's outputs, each with the ensemble's tensor that it makes. */
  readonly output_map: Readonly<Record<string, string>>;
  /** The repository of the model, if another one. */
  readonly model_namespace: string;
}

/** On which devices and how often a model is loaded. */
export interface InstanceGroup {
  /** `KIND_AUTO`, `KIND_GPU`, `KIND_CPU` or `KIND_MODEL`. */
  readonly kind: string;
  /** How many instances, on each of the GPUs; 0: Triton's default. */
  readonly count: number;
  /** The GPUs, from 0. */
  readonly gpus: readonly number[];
  /** Profiles of a TensorRT engine. */
  readonly profile: readonly string[];
}

/** A request that is run before the model counts as ready. */
export interface Warmup {
  /** How large its batch is; 0: it is not run. */
  readonly batch_size: number;
  /** What it gives, by input. */
  readonly inputs: Readonly<Record<string, WarmupInput>>;
}

/** What a warm-up request gives for an input. */
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
