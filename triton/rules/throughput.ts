import { isFileKnown, loadedConfig } from "../config/loadedConfig.ts";
import type { InstanceGroup, ModelConfig } from "../config/modelConfigTypes.ts";
import type { Finding } from "../repository/finding.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";
import type { ServingPlace } from "./capacity.ts";

/** The facts about the endpoint that decide how many requests a model can answer. */
export interface ThroughputOptions {
  /** All places that serve the models. Default: nothing is checked. */
  readonly places?: readonly Pick<ServingPlace, "place" | "accelerator" | "vcpus">[];
  /** The 99th percentile latency above which an alarm goes off, in milliseconds. Default: none. */
  readonly latencyBoundInMilliseconds?: number;
}

/**
 * The rules for settings with which a model loads and answers, but fewer requests than it could, or late.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/batcher.md and
 * https://github.com/triton-inference-server/server/blob/main/docs/user_guide/optimization.md
 */
export function* throughputRules(
  model: ServedModel,
  { places = [], latencyBoundInMilliseconds: bound }: ThroughputOptions,
): Generator<Finding> {
  const config = loadedConfig(model);
  if (!config || places.length === 0 || config.ensemble_scheduling) return;
  if (config.max_batch_size > 1 && isUnscheduled(config, model)) {
    yield {
      code: "batching-off",
      at: ["max_batch_size"],
      message: `The model takes batches of up to ${config.max_batch_size}, but gets each request by itself, because dynamic_batching isn't set.`,
      remedy: "Add dynamic_batching { }, unless each request is a batch already.",
    };
  }
  const delay = (config.dynamic_batching?.max_queue_delay_microseconds ?? 0) / 1000;
  if (bound !== undefined && delay >= bound) {
    yield {
      code: "queue-delay-too-long",
      at: ["dynamic_batching", "max_queue_delay_microseconds"],
      message: `A request may wait ${delay} ms for others, but the alarm on the latency goes off at ${bound} ms (modelLatencyP99InMilliseconds).`,
      remedy: "Lower max_queue_delay_microseconds to a fraction of that.",
    };
  }
  for (const { place, accelerator, vcpus } of places) {
    const count = processorInstances(config.instance_group, accelerator);
    if (vcpus === undefined || count <= vcpus) continue;
    yield {
      code: "instances-above-cores",
      at: ["instance_group"],
      message: `The model has ${count} instances on the processor, but ${place} has ${vcpus} vCPUs, which they would share.`,
      remedy: `Lower count to ${vcpus} or less, or choose a larger instance type.`,
    };
    return;
  }
}

/** Backends that get one request at a time unless the configuration says otherwise, and don't batch by themselves. */
const unbatched = ["python", "pytorch", "tensorrt", "onnxruntime"];

function isUnscheduled(config: ModelConfig, model: ServedModel): boolean {
  const backend = model.completed?.backend ?? "";
  if (config.dynamic_batching ?? config.sequence_batching) return false;
  if (config.model_transaction_policy?.decoupled || !unbatched.includes(backend)) return false;
  // ONNX Runtime's backend turns dynamic batching on by itself, depending on the file; Python code can do so too.
  if (backend === "onnxruntime") return isFileKnown(model);
  return !pythonTexts(model).some(({ text }) => text.includes("set_dynamic_batching"));
}

function processorInstances(groups: readonly InstanceGroup[], accelerator: ServingPlace["accelerator"]): number {
  return groups
    .filter(({ kind }) => kind === "KIND_CPU" || (kind === "KIND_AUTO" && accelerator !== "gpu"))
    .reduce((sum, { count }) => sum + Math.max(1, count), 0);
}
