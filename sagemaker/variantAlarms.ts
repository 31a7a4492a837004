import { instanceGpus, instanceVcpus } from "./instanceTypes.ts";
import { errorShare, instanceUse, latencyInMilliseconds, type Figure, type VariantMetric } from "./endpointMetrics.ts";
import { pendingRequests, serverFailureShare, serverQueueTime, type ServerAlarmThresholds } from "./serverFigures.ts";

/** A variant to watch. */
export interface MonitoredVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** The instance type; absent for a serverless variant, for which no instance metrics are watched. */
  readonly instanceType?: string;
  /** True if it may normally have no traffic. Default: false. */
  readonly silent?: boolean;
  /** The thresholds of the alarms on Triton's own metrics. Default: it doesn't report them. */
  readonly serverMetrics?: ServerAlarmThresholds;
}

/** An alarm on a variant. */
export interface VariantAlarm {
  /** The suffix of its name. */
  readonly purpose: string;
  /** A readable description of why it goes off. */
  readonly description: string;
  /** The metrics, by their names in the expression. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /** The expression over them. Default: none, there is only one metric. */
  readonly expression?: string;
  /** The side of the threshold on which it goes off. */
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  /** The threshold. */
  readonly threshold: number;
  /** The length of each data point, in seconds. */
  readonly period: number;
  /** The number of data points evaluated. */
  readonly evaluationPeriods: number;
  /** The number of them that must be beyond the threshold. */
  readonly datapointsToAlarm: number;
  /** The treatment of missing data points. */
  readonly treatMissingData: "breaching" | "notBreaching";
}

/**
 * The alarms on a variant's invocations, by the settings of their thresholds. SageMaker has no percentiles of the
 * overhead.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 */
const invocationAlarms = {
  invocation5XXErrorsPercent: errors("invocation-5xx-errors", "failed with a server error", "Invocation5XXErrors"),
  invocation4XXErrorsPercent: errors("invocation-4xx-errors", "were rejected", "Invocation4XXErrors"),
  modelLatencyP50InMilliseconds: latency(
    "model-latency-p50",
    "the model's median latency was",
    latencyInMilliseconds("ModelLatency", "p50"),
  ),
  modelLatencyP99InMilliseconds: latency(
    "model-latency-p99",
    "the model's 99th percentile latency was",
    latencyInMilliseconds("ModelLatency", "p99"),
  ),
  overheadLatencyInMilliseconds: latency(
    "overhead-latency",
    "SageMaker's average overhead was",
    latencyInMilliseconds("OverheadLatency", "Average"),
  ),
};

/**
 * The utilization of an instance, as a percentage of the whole: SageMaker adds up processors and GPUs, so four of them
 * have up to 400 percent, and offers normalized metrics only for inference components.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint metrics)
 */
interface Utilization {
  /** The suffix of its alarm's name. */
  readonly purpose: string;
  /** A readable title. */
  readonly title: string;
  /** The metric's name in SageMaker. */
  readonly metricName: string;
  /** The average or the worst instance. */
  readonly stat: "Average" | "Maximum";
  /** The metric's maximum, in multiples of 100 percent; `undefined` if the instance has no such part or isn't known. */
  readonly partsOf: (instanceType: string) => number | undefined;
}

const gpus = (instanceType: string) => instanceGpus(instanceType)?.count;

/** The utilizations to watch, by the settings of their alarms' thresholds. */
const utilizations = {
  cpuUtilizationPercent: utilization("cpu-utilization", "Processors", "CPUUtilization", "Average", instanceVcpus),
  memoryUtilizationPercent: utilization("memory-utilization", "Memory", "MemoryUtilization", "Maximum", () => 1),
  diskUtilizationPercent: utilization("disk-utilization", "Disk", "DiskUtilization", "Maximum", () => 1),
  gpuUtilizationPercent: utilization("gpu-utilization", "GPUs", "GPUUtilization", "Average", gpus),
  gpuMemoryUtilizationPercent: utilization(
    "gpu-memory-utilization",
    "GPU memory",
    "GPUMemoryUtilization",
    "Maximum",
    gpus,
  ),
};

/** The alarms' thresholds: percentages, milliseconds and minutes, as their names say. */
export type AlarmThresholds = Readonly<
  Record<keyof typeof invocationAlarms | keyof typeof utilizations | "minutesWithoutInvocations", number>
>;

/** A utilization of a variant's instances. */
export interface InstanceLoad extends Utilization {
  /** The metric's maximum, in multiples of 100 percent. */
  readonly parts: number;
  /** Its alarm's threshold, as a percentage of the whole. */
  readonly threshold: keyof typeof utilizations;
}

/**
 * The utilization metrics of a variant's instances.
 *
 * @returns processors, memory, disk and, if there are any, GPUs; only memory and disk for a type missing from AWS's
 * list, because the maximum of the others isn't known; empty for a serverless variant
 */
export function instanceLoads({ instanceType }: MonitoredVariant): InstanceLoad[] {
  if (instanceType === undefined) return [];
  return namesOf(utilizations).flatMap((threshold) => {
    const parts = utilizations[threshold].partsOf(instanceType);
    return parts === undefined ? [] : [{ ...utilizations[threshold], parts, threshold }];
  });
}

function utilization(
  purpose: string,
  title: string,
  metricName: string,
  stat: Utilization["stat"],
  partsOf: Utilization["partsOf"],
): Utilization {
  return { purpose, title, metricName, stat, partsOf };
}

/**
 * The alarms on a variant. Those on errors and latencies go off after three bad minutes in five, those on instances
 * after a bad quarter of an hour. SageMaker sends no data in a minute without invocations.
 *
 * @param limit their thresholds
 */
export function variantAlarms(variant: MonitoredVariant, limit: AlarmThresholds): VariantAlarm[] {
  return [
    ...namesOf(invocationAlarms).map((name) => invocationAlarms[name](limit[name])),
    ...instanceLoads(variant).map((load) => instanceAlarm(load, limit[load.threshold])),
    ...(variant.silent ? [] : [silence(limit.minutesWithoutInvocations)]),
    ...(variant.serverMetrics ? serverAlarms(variant.serverMetrics) : []),
  ];
}

/** The alarms on what Triton itself reports. A period without requests has no data. */
function serverAlarms(limit: ServerAlarmThresholds): VariantAlarm[] {
  return [
    latency(
      "server-queue-time",
      "requests waited in Triton on average",
      serverQueueTime,
    )(limit.queueTimeInMilliseconds),
    invocationAlarm(
      "server-pending-requests",
      (requests) => `more than ${requests} requests were waiting in Triton`,
      pendingRequests("Average"),
    )(limit.pendingRequests),
    invocationAlarm(
      "server-failures",
      (percent) => `Triton failed more than ${percent} % of the requests`,
      serverFailureShare,
    )(limit.failuresPercent),
  ];
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}

/** In an alarm on one variant, each metric's id is its name. */
function watched({ metrics, expression }: Figure): Pick<VariantAlarm, "metrics" | "expression"> {
  if (!expression) return { metrics };
  return { metrics, expression: expression(Object.fromEntries(Object.keys(metrics).map((name) => [name, name]))) };
}

function errors(purpose: string, what: string, metricName: string) {
  return invocationAlarm(purpose, (limit) => `more than ${limit} % of the invocations ${what}`, errorShare(metricName));
}

function latency(purpose: string, what: string, figure: Figure) {
  return invocationAlarm(purpose, (limit) => `${what} more than ${limit} ms`, figure);
}

function invocationAlarm(purpose: string, description: (threshold: number) => string, figure: Figure) {
  return (threshold: number): VariantAlarm => ({
    purpose,
    description: description(threshold),
    ...watched(figure),
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
  });
}

function instanceAlarm({ purpose, title, metricName, stat, parts }: InstanceLoad, threshold: number): VariantAlarm {
  return {
    purpose,
    description: `more than ${threshold} % of ${title.toLowerCase().replace("gpu", "GPU")} in use on ${stat === "Average" ? "the" : "one of the"} instances`,
    ...watched(instanceUse(metricName, stat, parts)),
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
  };
}

function silence(minutes: number): VariantAlarm {
  return {
    purpose: "no-invocations",
    description: `no invocations for ${minutes} minutes`,
    metrics: { invocations: { metricName: "Invocations", stat: "Sum" } },
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    period: 60 * minutes,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: "breaching",
  };
}
