import { batchSize, type RolloutPolicy } from "../endpoint/rollout.ts";

/**
 * All at once and without waiting, which is SageMaker's default.
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
 * The endpoint's deployment configuration in the provider's form, without the alarms that roll a release back.
 *
 * @param rollout the rollout
 */
export function deploymentConfig(rollout: RolloutPolicy) {
  const { strategy, waitIntervalInSeconds, maximumExecutionTimeoutInSeconds } = rollout;
  if (strategy === "rolling") {
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: batchSize(rollout),
        rollbackMaximumBatchSize: rollout.rollbackMaximumBatchSize,
        waitIntervalInSeconds,
        maximumExecutionTimeoutInSeconds,
      },
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
  };
}
