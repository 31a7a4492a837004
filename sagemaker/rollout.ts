import type { Range } from "./limits.ts";

/** How traffic goes over to a new release. */
export type RolloutStrategy = "allAtOnce" | "canary" | "linear" | "rolling";

/**
 * A part of the fleet.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
 */
export interface CapacitySize {
  /** Whether `value` is a number of instances or a percentage of the variant's instances. */
  readonly type: "INSTANCE_COUNT" | "CAPACITY_PERCENT";
  /** The number, from 1. */
  readonly value: number;
}

/** What makes SageMaker take a release back by itself; each is looked at every minute and has to be passed twice in a row. */
export interface RollbackThresholds {
  /** Answers with a status of 500 or more, in percent of the invocations. */
  readonly invocation5XXErrorsPercent: number;
  /** Answers of the model that are no success, in percent of the invocations. */
  readonly invocationModelErrorsPercent: number;
  /** The 99th percentile of the model's latency, in milliseconds. */
  readonly modelLatencyInMilliseconds: number;
}

/** How an endpoint goes over to a new release, and what takes it back. */
export interface RolloutPolicy {
  /** How traffic goes over. */
  readonly strategy: RolloutStrategy;
  /** The first part of a `canary`, at most half of the fleet. */
  readonly canarySize?: CapacitySize;
  /** Each step of `linear`, 10 to 50 percent of the fleet. */
  readonly linearStepSize?: CapacitySize;
  /** Each batch of `rolling`, 5 to 50 percent of the fleet. Default: half of it. */
  readonly maximumBatchSize?: CapacitySize;
  /** Each batch on the way back of `rolling`. Default: the whole fleet at once. */
  readonly rollbackMaximumBatchSize?: CapacitySize;
  /** How long the alarms are watched after each step, in seconds. */
  readonly waitIntervalInSeconds: number;
  /** How long the old fleet stays after the last step, in seconds; not with `rolling`. */
  readonly terminationWaitInSeconds?: number;
  /** How long all of it may take, in seconds. Default: SageMaker's. */
  readonly maximumExecutionTimeoutInSeconds?: number;
  /** What takes the release back. */
  readonly alarms: RollbackThresholds;
}

/**
 * What SageMaker, and the provider that waits for it, allow in a rollout.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html,
 * API_TrafficRoutingConfig.html and API_RollingUpdatePolicy.html; the provider waits an hour for an endpoint and takes at
 * most 14400 s where SageMaker takes 28800 s.
 */
export const rolloutLimits = {
  waitIntervalInSeconds: { min: 0, max: 3600 },
  terminationWaitInSeconds: { min: 0, max: 3600 },
  maximumExecutionTimeoutInSeconds: { min: 600, max: 14_400 },
  totalWaitInSeconds: { min: 0, max: 3000 },
} as const satisfies Record<string, Range>;

/** The parts of the fleet by strategy: which one it needs, which one it may have, and the percentages allowed. */
const sizes = {
  canarySize: { strategy: "canary", needed: true, percent: { min: 1, max: 50 } },
  linearStepSize: { strategy: "linear", needed: true, percent: { min: 10, max: 50 } },
  maximumBatchSize: { strategy: "rolling", needed: false, percent: { min: 5, max: 50 } },
  rollbackMaximumBatchSize: { strategy: "rolling", needed: false, percent: { min: 5, max: 100 } },
} as const satisfies Partial<
  Record<keyof RolloutPolicy, { strategy: RolloutStrategy; needed: boolean; percent: Range }>
>;

/**
 * How many variants an alarm can watch, with two metrics each.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
 */
const watchedVariants = 5;

/** What a rollout is judged with. */
export interface RolloutContext {
  /** How many instances the variant begins with; of several, the smallest. */
  readonly instanceCount: number;
  /** How many variants there are. Default: one. */
  readonly variants?: number;
  /** Whether earlier releases are kept. */
  readonly keepReleases?: boolean;
}

/**
 * Everything that speaks against a rollout.
 *
 * @param rollout the rollout, each value by itself within `rolloutLimits`
 * @param context what it is judged with
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function rolloutProblems(
  rollout: RolloutPolicy,
  { instanceCount, variants = 1, keepReleases }: RolloutContext,
): string[] {
  const sizesOff = sizeProblems(rollout, instanceCount);
  return [
    ...(keepReleases
      ? []
      : [
          "needs keepReleases: a release that is taken back goes on serving, so it must not be deleted: set keepReleases",
        ]),
    ...(variants > watchedVariants
      ? [`watches each variant, and an alarm takes ${watchedVariants} at most: use up to ${watchedVariants} variants`]
      : []),
    // How long it waits in all comes from the sizes.
    ...(sizesOff.length > 0 ? sizesOff : waitProblems(rollout, instanceCount)),
  ];
}

function waitProblems(rollout: RolloutPolicy, instanceCount: number): string[] {
  const { strategy } = rollout;
  const wait = totalWaitInSeconds(rollout, instanceCount);
  const { max } = rolloutLimits.totalWaitInSeconds;
  const timeout = rollout.maximumExecutionTimeoutInSeconds;
  return [
    ...(strategy === "rolling" && rollout.terminationWaitInSeconds !== undefined
      ? ["has a terminationWaitInSeconds, and rolling keeps no old fleet: leave it out"]
      : []),
    ...(wait > max
      ? [`waits ${wait} s in all, and an update has to be through in an hour: use waits of at most ${max} s in all`]
      : []),
    ...(timeout !== undefined && timeout <= wait
      ? [`has a maximumExecutionTimeoutInSeconds of ${timeout}, and its waits alone take ${wait} s: use a longer one`]
      : []),
  ];
}

function sizeProblems(rollout: RolloutPolicy, instanceCount: number): string[] {
  if (rollout.strategy !== "allAtOnce" && instanceCount < 2) {
    return [
      `has the strategy ${rollout.strategy}, which goes over in parts, and there is one instance: use allAtOnce, or two instances`,
    ];
  }
  return Object.entries(sizes).flatMap(([key, { strategy, needed, percent }]) => {
    const size = rollout[key as keyof typeof sizes];
    if (strategy !== rollout.strategy) {
      return size === undefined ? [] : [`has a ${key}, which belongs to the strategy ${strategy}: leave it out`];
    }
    if (size === undefined) return needed ? [`has no ${key}, which the strategy ${strategy} needs: set it`] : [];
    const { min, max } =
      size.type === "CAPACITY_PERCENT"
        ? percent
        : { min: Math.ceil((instanceCount * percent.min) / 100), max: Math.floor((instanceCount * percent.max) / 100) };
    if (size.value >= min && size.value <= max) return [];
    const unit = size.type === "CAPACITY_PERCENT" ? "percent" : `of ${instanceCount} instances`;
    return [`has a ${key} of ${size.value}: use ${min === max ? min : `${min} to ${max}`} ${unit}`];
  });
}

function totalWaitInSeconds(rollout: RolloutPolicy, instanceCount: number): number {
  const step = rollout.linearStepSize ?? (rollout.strategy === "rolling" ? batchSize(rollout) : undefined);
  const steps = step ? Math.ceil((step.type === "CAPACITY_PERCENT" ? 100 : instanceCount) / step.value) : 1;
  return steps * rollout.waitIntervalInSeconds + (rollout.terminationWaitInSeconds ?? 0);
}

function batchSize({ maximumBatchSize }: RolloutPolicy): CapacitySize {
  return maximumBatchSize ?? { type: "CAPACITY_PERCENT", value: 50 };
}

/**
 * Going over all at once and waiting for nothing: what SageMaker does where it is told nothing.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-all-at-once.html
 */
export const allAtOnce = {
  blueGreenUpdatePolicy: {
    trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 },
    terminationWaitInSeconds: 0,
  },
};

const trafficRoutingTypes = { allAtOnce: "ALL_AT_ONCE", canary: "CANARY", linear: "LINEAR" } as const;

/**
 * The endpoint's deployment configuration, in the provider's words.
 *
 * @param rollout the rollout
 * @param alarmNames the alarms that take a release back, at most ten
 */
export function deploymentConfig(rollout: RolloutPolicy, alarmNames: readonly string[]) {
  const { strategy, waitIntervalInSeconds, maximumExecutionTimeoutInSeconds } = rollout;
  const autoRollbackConfiguration = { alarms: alarmNames.map((alarmName) => ({ alarmName })) };
  if (strategy === "rolling") {
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: batchSize(rollout),
        rollbackMaximumBatchSize: rollout.rollbackMaximumBatchSize,
        waitIntervalInSeconds,
        maximumExecutionTimeoutInSeconds,
      },
      autoRollbackConfiguration,
    };
  }
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: {
        type: trafficRoutingTypes[strategy],
        canarySize: rollout.canarySize,
        linearStepSize: rollout.linearStepSize,
        waitIntervalInSeconds,
      },
      terminationWaitInSeconds: rollout.terminationWaitInSeconds ?? 0,
      maximumExecutionTimeoutInSeconds,
    },
    autoRollbackConfiguration,
  };
}
