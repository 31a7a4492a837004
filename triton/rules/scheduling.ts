import type { Finding } from "../repository/finding.ts";
import type { DynamicBatching, ModelConfig } from "../config/modelConfigTypes.ts";
import { loadedConfig } from "../config/loadedConfig.ts";
import { hasOpenBatch } from "../config/openTensors.ts";
import type { ServedModel } from "../repository/servedModel.ts";

/**
 * The rules for batches, queues, the response cache and metrics.
 * Source: `ValidateModelConfig` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 */
export function* schedulingRules(model: ServedModel): Generator<Finding> {
  const { config } = model;
  if (!config) return;
  if (config.max_batch_size < 0) {
    yield {
      code: "max-batch-size-negative",
      at: ["max_batch_size"],
      message: `max_batch_size is ${config.max_batch_size}, but must be 0 or more.`,
      remedy: "Write 0 for a model that doesn't batch.",
    };
  }
  if (config.dynamic_batching) yield* dynamicBatchingFindings(config.dynamic_batching, model, config);
  yield* responseCacheFindings(config);
  for (const tag of Object.keys(config.metric_tags).filter((tag) => !/^([A-Za-z0-9]\w*)?$/.test(tag))) {
    yield {
      code: "metric-tag-invalid",
      at: ["metric_tags", tag],
      message: `The key "${tag}" of metric_tags isn't a valid label name, which ends Triton.`,
      remedy: "Use letters, digits and underscores, not starting with an underscore.",
    };
  }
  for (const [index, metric] of (config.model_metrics?.metric_control ?? []).entries()) {
    if (!metric.metric_identifier?.family || !metric.histogram_options?.buckets.length) {
      yield {
        code: "metrics-invalid",
        at: ["model_metrics", "metric_control", index],
        message: "A metric_control lacks metric_identifier.family or histogram_options.buckets.",
        remedy: "Set the metric and its buckets.",
      };
    }
  }
}

/**
 * The rule for a scheduler's preferred batch sizes, which Triton compares with max_batch_size as written, before a
 * backend completes it.
 * Source: `ValidateModelConfig` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 *
 * @param config the model's configuration as written
 * @param scheduler their path in the configuration
 */
export function* preferredBatchSizes(
  sizes: readonly number[],
  config: ModelConfig,
  scheduler: readonly string[],
): Generator<Finding> {
  for (const [index, size] of sizes.entries()) {
    if (size > 0 && size <= config.max_batch_size) continue;
    yield {
      code: "preferred-batch-size-invalid",
      at: [...scheduler, "preferred_batch_size", index],
      message: `The preferred_batch_size ${size} isn't between 1 and max_batch_size, which is ${config.max_batch_size}.`,
      remedy: "Lower it or raise max_batch_size.",
    };
  }
}

function* dynamicBatchingFindings(
  batching: DynamicBatching,
  model: ServedModel,
  config: ModelConfig,
): Generator<Finding> {
  const at = ["dynamic_batching"];
  yield* preferredBatchSizes(batching.preferred_batch_size, config, at);
  const idle = loadedConfig(model)?.max_batch_size === 0 && !hasOpenBatch(model);
  if (idle && batching.preferred_batch_size.length === 0) {
    yield {
      code: "dynamic-batching-idle",
      at,
      message: "dynamic_batching has nothing to batch, because max_batch_size is 0.",
      remedy: "Set max_batch_size, or remove dynamic_batching.",
    };
  }
  const levels = batching.priority_levels;
  const policies = Object.entries(batching.priority_queue_policy);
  if (levels !== 0) {
    const level = batching.default_priority_level;
    if (level === 0 || level > levels) {
      yield {
        code: "priority-level-invalid",
        at: [...at, "default_priority_level"],
        message: `default_priority_level is ${level}, but with ${levels} priority_levels it must be 1 to ${levels}.`,
        remedy: "Set it to the priority of requests without one.",
      };
    }
    for (const [priority] of policies.filter(([priority]) => Number(priority) === 0 || Number(priority) > levels)) {
      yield {
        code: "priority-level-invalid",
        at: [...at, "priority_queue_policy", priority],
        message: `A priority_queue_policy is for priority ${priority}, but the priorities are 1 to ${levels}.`,
        remedy: "Use one of the priorities as its key.",
      };
    }
  }
  if (!batching.preserve_ordering) return;
  const delays = [batching.default_queue_policy, ...policies.map(([, policy]) => policy)].some(
    (policy) => policy?.timeout_action === "DELAY" && policy.default_timeout_microseconds !== 0,
  );
  if (levels > 1 || delays) {
    yield {
      code: "preserve-ordering-conflict",
      at: [...at, "preserve_ordering"],
      message: `preserve_ordering can't be combined with ${levels > 1 ? "more than one of priority_levels" : "timeout_action: DELAY"}.`,
      remedy: "Remove one of the two.",
    };
  }
}

function* responseCacheFindings(config: ModelConfig): Generator<Finding> {
  if (!config.response_cache?.enable) return;
  const at = ["response_cache"];
  const conflict = config.sequence_batching
    ? "sequence_batching"
    : config.model_transaction_policy?.decoupled
      ? "decoupled"
      : undefined;
  if (conflict) {
    yield {
      code: "response-cache-conflict",
      at,
      message: `Triton doesn't cache responses of a model with ${conflict}.`,
      remedy: "Remove response_cache.",
    };
  } else {
    yield {
      code: "response-cache-off",
      at,
      message: "The model uses a response cache, which SageMaker's start script doesn't enable.",
      remedy: 'Set SAGEMAKER_TRITON_ADDITIONAL_ARGS="--cache-config=local,size=1048576", in bytes.',
    };
  }
}
