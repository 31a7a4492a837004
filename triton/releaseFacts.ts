/**
 * The backends of Triton's images `YY.MM-py3`, NVIDIA's and AWS's alike; TensorRT-LLM and vLLM have images of their own.
 * Source: `CORE_BACKENDS` and the images that build.py makes, by release branch, in
 * https://github.com/triton-inference-server/server/blob/r26.05/build.py
 */
const backends: Readonly<Record<string, Partial<Departure> | undefined>> = {
  ...{ dali: {}, fil: {}, identity: {}, onnxruntime: {}, openvino: {}, python: {}, pytorch: {} },
  ...{ repeat: {}, square: {}, tensorrt: {} },
  // Source: https://github.com/triton-inference-server/server/compare/r25.02...r25.03 (build.py)
  tensorflow: { last: "25.02", gone: "25.03" },
};

/** The newest release that these facts are about, `YY.MM`. */
const newestKnown = "26.08";

/**
 * Whether Triton's image of a release has a backend.
 *
 * @param backend its name
 * @param release `YY.MM`
 * @returns `undefined` where the release is newer than what is known here and may have got it
 */
export function imageHasBackend(backend: string, release: string): boolean | undefined {
  const known = Object.hasOwn(backends, backend) ? backends[backend] : undefined;
  if (known) return known.last === undefined || release <= known.last;
  return release > newestKnown ? undefined : false;
}

/** A backend that images once had. */
export interface Departure {
  /** The last release with it, `YY.MM`. */
  readonly last: string;
  /** The first one without it. */
  readonly gone: string;
}

/**
 * When a backend left the images.
 *
 * @param backend its name
 * @returns `undefined` for a backend that is still there, or that never was
 */
export function departureOf(backend: string): Departure | undefined {
  const { last, gone } = (Object.hasOwn(backends, backend) ? backends[backend] : undefined) ?? {};
  return last !== undefined && gone !== undefined ? { last, gone } : undefined;
}

/**
 * The first release that knows a field of `config.pbtxt`, by its name from the outside in; an older one refuses the file. Fields
 * that are not named here are older than the oldest release that AWS published for SageMaker.
 * Source: protobuf/model_config.proto by release branch in https://github.com/triton-inference-server/common
 */
export const fieldsSince: Readonly<Record<string, string>> = {
  "model_warmup.count": "22.07",
  "ensemble_scheduling.step.model_namespace": "23.03",
  "sequence_batching.oldest.preserve_ordering": "23.08",
  "sequence_batching.iterative_sequence": "23.11",
  "sequence_batching.state.use_growable_memory": "23.11",
  "sequence_batching.state.use_same_buffer_for_input_output": "23.11",
  runtime: "24.01",
  "input.is_non_linear_format_io": "24.08",
  "output.is_non_linear_format_io": "24.08",
  model_metrics: "24.11",
  "ensemble_scheduling.max_inflight_requests": "25.11",
};

/**
 * The first release that knows a platform, or the file that stands for it; all others are older.
 * Source: src/constants.h by release branch in https://github.com/triton-inference-server/core
 */
export const platformsSince: Readonly<Record<string, string | undefined>> = { torch_aoti: "26.03" };

/**
 * The first release that refuses a label file outside the model's folder.
 * Source: https://github.com/triton-inference-server/core/pull/465
 */
export const labelsInsideSince = "26.02";
