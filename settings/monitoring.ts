import * as z from "zod";
import { retentionDays } from "../sagemaker/monitoring.ts";
import { decoded, emailAddresses, percent, topicArn, wholeNumber } from "./fields.ts";

const retention = `is not allowed: use one of ${retentionDays.join(", ")}`;
const milliseconds = wholeNumber({ min: 1, max: 60_000 });

/** The endpoint's logs, alarms and dashboard: the setting `monitoring`. */
export const monitoringSchema = decoded(
  z.strictObject({
    retentionInDays: z.int(retention).refine((days) => retentionDays.includes(days), retention),
    topicArn: topicArn().optional(),
    emailAddresses: emailAddresses().optional(),
    alarms: z
      .strictObject({
        invocation5XXErrorsPercent: percent().optional(),
        invocation4XXErrorsPercent: percent().optional(),
        modelLatencyP50InMilliseconds: milliseconds.optional(),
        modelLatencyP99InMilliseconds: milliseconds.optional(),
        overheadLatencyInMilliseconds: milliseconds.optional(),
        cpuUtilizationPercent: percent().optional(),
        memoryUtilizationPercent: percent().optional(),
        diskUtilizationPercent: percent().optional(),
        gpuUtilizationPercent: percent().optional(),
        gpuMemoryUtilizationPercent: percent().optional(),
        minutesWithoutInvocations: wholeNumber({ min: 1, max: 1440 }).optional(),
      })
      .optional(),
  }),
);
