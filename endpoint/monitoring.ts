import * as z from "zod";
import { retentionDays } from "../sagemaker/monitoring.ts";
import type { AlarmThresholds } from "../sagemaker/variantAlarms.ts";
import { emailAddresses, object, percent, topicArn, wholeNumber } from "./fields.ts";
import { plain } from "./open.ts";
import type { Problem } from "./problem.ts";

const retention = `must be one of ${retentionDays.join(", ")}`;
const milliseconds = () => wholeNumber({ min: 1, max: 60_000 });

/**
 * The alarms' thresholds. Data capture stops when a disk is almost full, so AWS advises staying below 75 %.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
const alarmsSchema = object({
  invocation5XXErrorsPercent: percent()
    .meta({ description: "Responses with a status of 500 or more, as a percentage of invocations." })
    .default(1),
  invocation4XXErrorsPercent: percent()
    .meta({ description: "Responses with a status from 400 to 499, as a percentage of invocations." })
    .default(5),
  modelLatencyP50InMilliseconds: milliseconds()
    .meta({ description: "The model's median latency, in milliseconds." })
    .default(1000),
  modelLatencyP99InMilliseconds: milliseconds()
    .meta({ description: "The model's 99th percentile latency, in milliseconds." })
    .default(5000),
  overheadLatencyInMilliseconds: milliseconds()
    .meta({ description: "The average latency that SageMaker adds, in milliseconds." })
    .default(500),
  cpuUtilizationPercent: percent()
    .meta({ description: "CPU load, as a percentage of the whole instance." })
    .default(90),
  memoryUtilizationPercent: percent().meta({ description: "Percentage of memory in use." }).default(90),
  diskUtilizationPercent: percent().meta({ description: "Percentage of disk in use." }).default(75),
  gpuUtilizationPercent: percent()
    .meta({ description: "GPU load, as a percentage of all GPUs, if the instance has any." })
    .default(95),
  gpuMemoryUtilizationPercent: percent()
    .meta({ description: "Percentage of GPU memory in use, if the instance has GPUs." })
    .default(95),
  minutesWithoutInvocations: wholeNumber({ min: 1, max: 1440 })
    .meta({ description: "Minutes without an invocation." })
    .default(60),
});

/** Triton's own metrics. */
const serverMetricsSchema = object({
  periodInSeconds: plain(
    wholeNumber({ min: 10, max: 60 }).meta({
      description: "How often they are reported, in seconds; below 60 in CloudWatch's high resolution.",
    }),
  ).default(60),
  queueTimeInMilliseconds: plain(
    milliseconds().meta({ description: "The alarm's threshold: how long requests wait in Triton on average." }),
  ).default(1000),
  pendingRequests: plain(
    wholeNumber({ min: 1, max: 1_000_000 }).meta({
      description: "The alarm's threshold: the requests that wait on an instance on average.",
    }),
  ).default(100),
  failuresPercent: plain(
    percent().meta({ description: "The alarm's threshold: the requests that Triton failed, as a percentage." }),
  ).default(1),
});

/** The endpoint's logs, alarms and dashboard. */
export const monitoringSchema = object({
  retentionInDays: z
    .int(retention)
    .refine((days) => retentionDays.includes(days), retention)
    .optional()
    .meta({ description: "How long logs are kept, in days. Default: required, except with logGroup." }),
  topicArn: topicArn().optional().meta({ description: "The SNS topic that alarms notify. Default: one is created." }),
  emailAddresses: plain(
    emailAddresses()
      .optional()
      .meta({ description: "Addresses to subscribe to the topic that is created; each must confirm. Default: none." }),
  ),
  alarms: alarmsSchema.meta({ description: "The thresholds of the alarms." }).prefault({}),
  serverMetrics: serverMetricsSchema.optional().meta({
    description:
      "Reports Triton's own metrics (queue, compute, batches, pending requests, failures) to CloudWatch, by a model that is added to the archive: periodInSeconds and the alarms' thresholds. Each variant has up to 11 custom metrics and each of its models up to 13, at $0.30 a month each. Default: none.",
  }),
});

/** The endpoint's logs, alarms and dashboard. */
export type MonitoringOptions = z.output<typeof monitoringSchema>;
/** The alarms' thresholds where nothing is set. */
export const defaultAlarmThresholds: AlarmThresholds = alarmsSchema.parse({});

/**
 * The rules for monitoring.
 *
 * @param monitoring the options
 * @param logGroup the log group that exists, if there is one
 */
export function* monitoringRules(
  { retentionInDays, topicArn: topic, emailAddresses: addresses }: MonitoringOptions,
  logGroup: string | undefined,
): Generator<Problem> {
  const path = ["retentionInDays"];
  if (retentionInDays === undefined && logGroup === undefined) {
    yield { path, code: "missing", message: `must be set: it ${retention}` };
  }
  if (retentionInDays !== undefined && logGroup !== undefined) {
    const message = "can't be used with logGroup: the existing log group isn't changed";
    yield { path, code: "log-group-excludes-retention-in-days", message };
  }
  if (topic !== undefined && addresses !== undefined) {
    yield {
      path: ["emailAddresses"],
      code: "monitoring-addresses",
      message: "can't be combined with topicArn, because that topic has its own subscribers: remove one",
    };
  }
}
