import * as z from "zod";
import { retentionDays } from "../sagemaker/monitoring.ts";
import type { AlarmThresholds } from "../sagemaker/variantAlarms.ts";
import { emailAddresses, object, percent, topicArn, wholeNumber } from "./fields.ts";
import type { Problem } from "./problem.ts";

const retention = `must be one of ${retentionDays.join(", ")}`;
const milliseconds = () => wholeNumber({ min: 1, max: 60_000 });

/**
 * When the alarms go off. Data capture stops on an almost full disk: AWS advises staying below 75 %.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
const alarmsSchema = object({
  invocation5XXErrorsPercent: percent()
    .meta({ description: "Responses with a status of 500 or more, in percent of the invocations." })
    .default(1),
  invocation4XXErrorsPercent: percent()
    .meta({ description: "Responses with a status from 400 to 499, in percent of the invocations." })
    .default(5),
  modelLatencyP50InMilliseconds: milliseconds()
    .meta({ description: "The median of the model's latency, in milliseconds." })
    .default(1000),
  modelLatencyP99InMilliseconds: milliseconds()
    .meta({ description: "The 99th percentile of the model's latency, in milliseconds." })
    .default(5000),
  overheadLatencyInMilliseconds: milliseconds()
    .meta({ description: "The average of what SageMaker adds to the model's latency, in milliseconds." })
    .default(500),
  cpuUtilizationPercent: percent()
    .meta({ description: "The processors' load, in percent of the whole instance." })
    .default(90),
  memoryUtilizationPercent: percent().meta({ description: "Memory in use, in percent." }).default(90),
  diskUtilizationPercent: percent().meta({ description: "Disk in use, in percent." }).default(75),
  gpuUtilizationPercent: percent()
    .meta({ description: "The GPUs' load, in percent of all of them; where the instance has any." })
    .default(95),
  gpuMemoryUtilizationPercent: percent()
    .meta({ description: "GPU memory in use, in percent of all of it; where the instance has any." })
    .default(95),
  minutesWithoutInvocations: wholeNumber({ min: 1, max: 1440 })
    .meta({ description: "Minutes without any invocation." })
    .default(60),
});

/** The endpoint's logs, alarms and dashboard. */
export const monitoringSchema = object({
  retentionInDays: z
    .int(retention)
    .refine((days) => retentionDays.includes(days), retention)
    .meta({ description: "How long logs are kept, in days." }),
  topicArn: topicArn()
    .optional()
    .meta({ description: "The SNS topic that is told of alarms. Default: one is created." }),
  emailAddresses: emailAddresses()
    .optional()
    .meta({ description: "Addresses subscribed to the topic that is created; each must confirm. Default: none." }),
  alarms: alarmsSchema.meta({ description: "The thresholds of the alarms." }).prefault({}),
});

/** The endpoint's logs, alarms and dashboard. */
export type MonitoringOptions = z.output<typeof monitoringSchema>;
/** The alarms' thresholds where nothing is set. */
export const defaultAlarmThresholds: AlarmThresholds = alarmsSchema.parse({});

/**
 * The rules for monitoring.
 *
 * @param monitoring the options
 */
export function* monitoringRules({
  topicArn: topic,
  emailAddresses: addresses,
}: MonitoringOptions): Generator<Problem> {
  if (topic !== undefined && addresses !== undefined) {
    yield {
      path: ["emailAddresses"],
      code: "monitoring-addresses",
      message: "can't be combined with topicArn, a topic that has its own subscribers: remove one",
    };
  }
}
