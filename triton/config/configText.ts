import textformat from "protobufjs/ext/textformat.js";
import { isFileKnown, loadedConfig } from "./loadedConfig.ts";
import { modelConfigType } from "./modelConfigSchema.ts";
import type { ModelConfig } from "./modelConfigTypes.ts";
import { hasOpenTensors } from "./openTensors.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { table } from "../../text/table.ts";

/** The instance's accelerator and GPUs, as far as they are known. */
export interface Hardware {
  /** Default: unknown; the instance groups are then `KIND_AUTO`, which Triton resolves. */
  readonly accelerator?: "cpu" | "gpu";
  /** The number of GPUs. Default: unknown. */
  readonly gpuCount?: number;
}

/**
 * Renders the configuration that Triton ends up with for a model, as a `config.pbtxt` that can be loaded again: what
 * the file contains, what the backend reads from the model's file, and Triton's defaults.
 * Source: `NormalizeModelConfig` and `NormalizeInstanceGroup` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 *
 * @param hardware the instance's accelerator and GPUs
 * @returns the text; `undefined` if the model's configuration can't be read
 */
export function configText(model: ServedModel, hardware: Hardware = {}): string | undefined {
  const { config, completed, parsed } = model;
  const loaded = loadedConfig(model);
  if (!config || !completed || !loaded) return undefined;
  const written = textformat.fromText(modelConfigType, parsed.text);
  const message: Settings = modelConfigType.toObject(written, { enums: String, longs: String });
  const settled = {
    ...message,
    ...added(config, loaded),
    name: model.name,
    ...(completed.platform !== "" && { platform: completed.platform }),
    ...(completed.backend !== "" && { backend: completed.backend }),
    ...(completed.filename !== "" && { default_model_filename: completed.filename }),
    ...(!config.version_policy && { version_policy: { latest: { num_versions: 1 } } }),
    ...schedulers(message, loaded),
    ...(!config.ensemble_scheduling && ofInstances(model, message, hardware)),
  };
  const text = textformat.toText(modelConfigType, modelConfigType.fromObject(settled)).trimEnd();
  return `${commentOf(model, config, loaded)}${text}\n`;
}

type Settings = Readonly<Record<string, unknown>>;

function commentOf(model: ServedModel, written: ModelConfig, { output }: ModelConfig): string {
  if (mayBeCompleted(model)) return "# Triton adds what the model itself defines, which isn't known here.\n";
  if (model.completed?.backend === "vllm")
    return "# With the tensors that vLLM's backend has from 26.01 on; before, it has fewer.\n";
  // The backend gets an output's shape from ONNX Runtime, which may know more about it than the model's file.
  return output !== written.output && output.some(({ dims }) => dims.includes(-1))
    ? "# If ONNX Runtime infers an output's size that the model's file leaves open, Triton refuses -1 for it and names the size.\n"
    : "";
}

/** The settings that the backend completes from the model's file. */
function added(written: ModelConfig, loaded: ModelConfig): Settings {
  return {
    ...(loaded.max_batch_size !== written.max_batch_size && { max_batch_size: loaded.max_batch_size }),
    ...(loaded.input !== written.input && { input: loaded.input }),
    ...(loaded.output !== written.output && { output: loaded.output }),
    ...(loaded.model_transaction_policy && { model_transaction_policy: loaded.model_transaction_policy }),
  };
}

function mayBeCompleted(model: ServedModel): boolean {
  const { config } = model;
  const isWhole = config !== undefined && config.input.length > 0 && config.output.length > 0;
  return hasOpenTensors(model) && !isFileKnown(model) && !(model.completed?.backend === "onnxruntime" && isWhole);
}

/** Source: `SEQUENCE_IDLE_DEFAULT_MICROSECONDS` in https://github.com/triton-inference-server/core/blob/main/src/constants.h */
const SEQUENCE_IDLE_MICROSECONDS = 1_000_000;

function schedulers(
  message: Settings,
  { max_batch_size: most, dynamic_batching, sequence_batching }: ModelConfig,
): Settings {
  const preferred = (given: readonly number[] | undefined) =>
    most > 0 && (given ?? []).length === 0 ? { preferred_batch_size: [most] } : {};
  if (dynamic_batching) {
    const written = message.dynamic_batching as Settings | undefined;
    return { dynamic_batching: { ...written, ...preferred(dynamic_batching.preferred_batch_size) } };
  }
  if (!sequence_batching) return {};
  const written = message.sequence_batching as Settings;
  const idle = written.max_sequence_idle_microseconds ?? SEQUENCE_IDLE_MICROSECONDS;
  const oldest = sequence_batching.oldest && {
    oldest: { ...(written.oldest as Settings), ...preferred(sequence_batching.oldest.preferred_batch_size) },
  };
  return { sequence_batching: { ...written, max_sequence_idle_microseconds: idle, ...oldest } };
}

function ofInstances(model: ServedModel, message: Settings, hardware: Hardware): Settings {
  const pinned = { enable: true };
  const groups = (message.instance_group ?? []) as Settings[];
  return {
    optimization: { input_pinned_memory: pinned, output_pinned_memory: pinned, ...(message.optimization as Settings) },
    instance_group:
      groups.length === 0
        ? [instances(model, { name: model.name, kind: preferredKinds[model.completed?.backend ?? ""] }, hardware)]
        : groups.map((group, index) => instances(model, { name: `${model.name}_${index}`, ...group }, hardware)),
  };
}

/** The instance kind that a backend prefers, from its `BackendAttributeAddPreferredInstanceGroup`. */
const preferredKinds: Readonly<Record<string, string | undefined>> = table({
  tensorrt: "KIND_GPU",
  openvino: "KIND_CPU",
});

function instances({ completed }: ServedModel, group: Settings, { accelerator, gpuCount = 0 }: Hardware): Settings {
  const { kind = "KIND_AUTO", count, gpus = [] } = group as { kind?: string; count?: number; gpus?: readonly number[] };
  const isGpu = accelerator === "gpu" && gpus.every((gpu) => gpu < gpuCount);
  const settled = kind !== "KIND_AUTO" || accelerator === undefined ? kind : isGpu ? "KIND_GPU" : "KIND_CPU";
  // The number depends on what KIND_AUTO resolves to.
  const usual = settled === "KIND_AUTO" ? undefined : usualCount(completed?.backend ?? "", settled);
  return {
    ...group,
    kind: settled,
    count: count !== undefined && count > 0 ? count : usual,
    gpus: settled === "KIND_GPU" && gpus.length === 0 ? [...Array(gpuCount).keys()] : gpus,
  };
}

/** Source: `SetDefaultInstanceCount` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc */
function usualCount(backend: string, kind: string): number {
  return kind === "KIND_CPU" && ["tensorflow", "onnxruntime"].includes(backend) ? 2 : 1;
}
