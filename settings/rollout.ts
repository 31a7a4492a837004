import * as z from "zod";
import { rolloutLimits } from "../sagemaker/rollout.ts";
import { decoded, percent, wholeNumber } from "./fields.ts";

const capacitySize = z.strictObject({
  type: z.enum(["INSTANCE_COUNT", "CAPACITY_PERCENT"], "use INSTANCE_COUNT or CAPACITY_PERCENT"),
  value: wholeNumber({ min: 1, max: 10_000 }),
});

/** How an endpoint goes over to a new release: the setting `rollout`. */
export const rolloutSchema = decoded(
  z.strictObject({
    strategy: z.enum(["allAtOnce", "canary", "linear", "rolling"], "use allAtOnce, canary, linear or rolling"),
    canarySize: capacitySize.optional(),
    linearStepSize: capacitySize.optional(),
    maximumBatchSize: capacitySize.optional(),
    rollbackMaximumBatchSize: capacitySize.optional(),
    waitIntervalInSeconds: wholeNumber(rolloutLimits.waitIntervalInSeconds).default(300),
    terminationWaitInSeconds: wholeNumber(rolloutLimits.terminationWaitInSeconds).optional(),
    maximumExecutionTimeoutInSeconds: wholeNumber(rolloutLimits.maximumExecutionTimeoutInSeconds).optional(),
    alarms: z
      .strictObject({
        invocation5XXErrorsPercent: percent().default(1),
        invocationModelErrorsPercent: percent().default(5),
        modelLatencyInMilliseconds: wholeNumber({ min: 1, max: 60_000 }).default(10_000),
      })
      .prefault({}),
  }),
);
