import type * as z from "zod";
import type { Range } from "../sagemaker/limits.ts";
import { between, object, oneOf, percent, wholeNumber } from "./fields.ts";
import type { Problem } from "./problem.ts";

/**
 * The limits that SageMaker, and the provider that waits for it, set on a rollout.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html,
 * API_TrafficRoutingConfig.html and API_RollingUpdatePolicy.html; the provider accepts at most 14400 s for the whole update.
 */
const limits = {
  waitIntervalInSeconds: { min: 0, max: 3600 },
  terminationWaitInSeconds: { min: 0, max: 3600 },
  maximumExecutionTimeoutInSeconds: { min: 600, max: 14_400 },
} as const satisfies Record<string, Range>;

/** The sizes by strategy: which one it requires, and the percentages of a variant's instances allowed. */
const sizes = {
  canarySize: { strategy: "canary", required: true, percent: { min: 1, max: 50 } },
  linearStepSize: { strategy: "linear", required: true, percent: { min: 10, max: 50 } },
  maximumBatchSize: { strategy: "rolling", required: false, percent: { min: 5, max: 50 } },
  rollbackMaximumBatchSize: { strategy: "rolling", required: false, percent: { min: 5, max: 100 } },
} as const satisfies Record<string, { strategy: string; required: boolean; percent: Range }>;

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html */
const longestUpdateInSeconds = 28_800;

/**
 * The waits that leave time for starting the instances within the hour that the provider waits for an endpoint. The resource has no
 * timeouts of its own (UpdateWithoutTimeout), so Pulumi's customTimeouts doesn't reach its waiter.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/endpoint.go and wait.go
 */
const greatestTotalWaitInSeconds = 3000;

const providersLimit = `the limit of Pulumi's AWS provider; SageMaker itself allows ${longestUpdateInSeconds}`;

/**
 * The number of variants that an alarm can watch, with two metrics each.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
 */
const watchedVariants = 5;

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html */
const capacitySize = object({
  type: oneOf(["INSTANCE_COUNT", "CAPACITY_PERCENT"]).meta({
    description: "Whether value is a number of instances or a percentage of the variant's instances.",
  }),
  value: wholeNumber({ min: 1, max: 10_000 }).meta({ description: "The number, 1 or more." }),
});

const alarmsSchema = object({
  invocation5XXErrorsPercent: percent()
    .meta({ description: "Responses with a status of 500 or more, as a percentage of invocations." })
    .default(1),
  invocationModelErrorsPercent: percent()
    .meta({ description: "Model responses without success, as a percentage of invocations." })
    .default(5),
  modelLatencyInMilliseconds: wholeNumber({ min: 1, max: 60_000 })
    .meta({ description: "The model's 99th percentile latency, in milliseconds." })
    .default(10_000),
});

/** The endpoint's move to a new release, and the alarms that roll it back. */
export const rolloutSchema = object({
  strategy: oneOf(["allAtOnce", "canary", "linear", "rolling"]).meta({ description: "How traffic moves." }),
  canarySize: capacitySize
    .optional()
    .meta({ description: "The size of the canary, at most half of the instances; required with canary." }),
  linearStepSize: capacitySize.optional().meta({
    description: `The size of each linear step, ${between(sizes.linearStepSize.percent)} percent of the instances; required with linear.`,
  }),
  maximumBatchSize: capacitySize.optional().meta({
    description: `The size of each rolling batch, ${between(sizes.maximumBatchSize.percent)} percent of the instances. Default: half of them.`,
  }),
  rollbackMaximumBatchSize: capacitySize.optional().meta({
    description: "The size of each batch when a rolling update is rolled back. Default: all instances at once.",
  }),
  waitIntervalInSeconds: wholeNumber(limits.waitIntervalInSeconds)
    .meta({ description: "How long the alarms are watched after each step, in seconds." })
    .default(300),
  terminationWaitInSeconds: wholeNumber(limits.terminationWaitInSeconds).optional().meta({
    description: "How long the old instances stay after the last step, in seconds; not with rolling. Default: 0.",
  }),
  maximumExecutionTimeoutInSeconds: wholeNumber(limits.maximumExecutionTimeoutInSeconds, providersLimit)
    .optional()
    .meta({ description: "How long the whole update may take, in seconds. Default: SageMaker decides." }),
  alarms: alarmsSchema
    .meta({ description: "The thresholds that roll a release back; one must be exceeded in two consecutive minutes." })
    .prefault({}),
});

/** The thresholds that roll a release back where nothing is set. */
export const defaultRollbackThresholds = alarmsSchema.parse({});

/** The endpoint's move to a new release, and the alarms that roll it back. */
export type RolloutPolicy = z.output<typeof rolloutSchema>;
/** A number or percentage of a variant's instances. */
export type CapacitySize = z.output<typeof capacitySize>;

/** The facts about the endpoint that the rules use. */
interface RolloutContext {
  /** The number of instances that a variant starts with; the smallest if there are several variants. */
  readonly instanceCount: number;
  /** The number of variants. */
  readonly variants: number;
  /** True if earlier releases are kept. */
  readonly keepReleases?: boolean;
}

/**
 * The rules for a rollout.
 *
 * @param context the endpoint
 */
export function* rolloutRules(
  rollout: RolloutPolicy,
  { instanceCount, variants, keepReleases }: RolloutContext,
): Generator<Problem> {
  if (!keepReleases) {
    yield {
      path: [],
      code: "rollout-keep-releases",
      message: "needs keepReleases, because a rollback needs the earlier release: set keepReleases",
    };
  }
  if (variants > watchedVariants) {
    yield {
      path: [],
      code: "rollout-variants",
      message: `can't be used with more than ${watchedVariants} variants, because an alarm can't watch more`,
    };
  }
  // The total wait is computed from the sizes.
  const wrongSizes = [...sizeRules(rollout, instanceCount)];
  yield* wrongSizes.length > 0 ? wrongSizes : waitRules(rollout, instanceCount);
}

function* sizeRules(rollout: RolloutPolicy, instanceCount: number): Generator<Problem> {
  if (rollout.strategy !== "allAtOnce" && instanceCount < 2) {
    yield {
      path: ["strategy"],
      code: "rollout-one-instance",
      message:
        "must be allAtOnce, because the other strategies need two instances or more: use allAtOnce or more instances",
    };
    return;
  }
  for (const [key, { strategy, required, percent: allowed }] of Object.entries(sizes)) {
    const size = rollout[key as keyof typeof sizes];
    if (strategy !== rollout.strategy) {
      if (size !== undefined) {
        yield {
          path: [key],
          code: "rollout-size-unused",
          message: `can't be used with the strategy ${rollout.strategy}, because it belongs to ${strategy}: remove it`,
        };
      }
      continue;
    }
    if (size === undefined) {
      if (required) {
        yield {
          path: [key],
          code: "rollout-size-missing",
          message: `must be set, because the strategy ${strategy} needs it`,
        };
      }
      continue;
    }
    const inPercent = size.type === "CAPACITY_PERCENT";
    const min = inPercent ? allowed.min : Math.ceil((instanceCount * allowed.min) / 100);
    const max = inPercent ? allowed.max : Math.floor((instanceCount * allowed.max) / 100);
    if (size.value < min || size.value > max) {
      const unit = inPercent ? "percent" : `of ${instanceCount} instances`;
      yield {
        path: [key, "value"],
        code: "rollout-size",
        message: `must be ${min === max ? min : `${min} to ${max}`} ${unit}`,
      };
    }
  }
}

function* waitRules(rollout: RolloutPolicy, instanceCount: number): Generator<Problem> {
  const { strategy, terminationWaitInSeconds, maximumExecutionTimeoutInSeconds: timeout } = rollout;
  const wait = totalWaitInSeconds(rollout, instanceCount);
  if (strategy === "rolling" && terminationWaitInSeconds !== undefined) {
    yield {
      path: ["terminationWaitInSeconds"],
      code: "rollout-termination-wait",
      message: "can't be used with the strategy rolling, because it keeps no old instances: remove it",
    };
  }
  if (wait > greatestTotalWaitInSeconds) {
    const step =
      { linear: ", or take a larger linearStepSize", rolling: ", or take a larger maximumBatchSize" }[
        strategy as string
      ] ?? "";
    yield {
      path: [],
      code: "rollout-wait",
      message: `must wait at most ${greatestTotalWaitInSeconds} s in all, but it waits ${wait} s: SageMaker allows ${longestUpdateInSeconds} s, but Pulumi's AWS provider gives up after an hour, which customTimeouts doesn't change. Shorten waitIntervalInSeconds or terminationWaitInSeconds${step}`,
    };
  }
  if (timeout !== undefined && timeout <= wait) {
    yield {
      path: ["maximumExecutionTimeoutInSeconds"],
      code: "rollout-timeout",
      message: `must be more than ${wait} s, which is how long the waits alone take`,
    };
  }
}

function totalWaitInSeconds(rollout: RolloutPolicy, instanceCount: number): number {
  const step = rollout.linearStepSize ?? (rollout.strategy === "rolling" ? batchSize(rollout) : undefined);
  const steps = step ? Math.ceil((step.type === "CAPACITY_PERCENT" ? 100 : instanceCount) / step.value) : 1;
  return steps * rollout.waitIntervalInSeconds + (rollout.terminationWaitInSeconds ?? 0);
}

/** Each batch of a rolling update. */
export function batchSize({ maximumBatchSize }: RolloutPolicy): CapacitySize {
  return maximumBatchSize ?? { type: "CAPACITY_PERCENT", value: 50 };
}
