import { instanceGpus, instanceVcpus } from "./instanceTypes.ts";
import { errorShare, instanceUse, latencyInMilliseconds, type Figure, type VariantMetric } from "./endpointMetrics.ts";

/** The alarms' thresholds: percentages, milliseconds and minutes, as their names say. */
export type AlarmThresholds = Readonly<
  Record<
    | "invocation5XXErrorsPercent"
    | "invocation4XXErrorsPercent"
    | "modelLatencyP50InMilliseconds"
    | "modelLatencyP99InMilliseconds"
    | "overheadLatencyInMilliseconds"
    | "cpuUtilizationPercent"
    | "memoryUtilizationPercent"
    | "diskUtilizationPercent"
    | "gpuUtilizationPercent"
    | "gpuMemoryUtilizationPercent"
    | "minutesWithoutInvocations",
    number
  >
>;

/** A variant to watch. */
export interface MonitoredVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** The instance type; absent for a serverless variant, for which no instance metrics are watched. */
  readonly instanceType?: string;
  /** True if it may normally have no traffic. Default: false. */
  readonly silent?: boolean;
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
 * The utilization of an instance, as a percentage of the whole: SageMaker adds up processors and GPUs, so four of them
 * have up to 400 percent, and offers normalized metrics only for inference components.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint metrics)
 */
export interface InstanceLoad {
  /** The suffix of its alarm's name. */
  readonly purpose: string;
  /** A readable title. */
  readonly title: string;
  /** The metric's name in SageMaker. */
  readonly metricName: string;
  /** The average or the worst instance. */
  readonly stat: "Average" | "Maximum";
  /** The metric's maximum, in multiples of 100 percent. */
  readonly parts: number;
  /** Its alarm's threshold, as a percentage of the whole. */
  readonly threshold: keyof AlarmThresholds;
}

/**
 * The utilization metrics of a variant's instances.
 *
 * @returns processors, memory, disk and, if there are any, GPUs; only memory and disk for a type missing from AWS's
 * list, because the maximum of the others isn't known; empty for a serverless variant
 */
export function instanceLoads({ instanceType }: MonitoredVariant): InstanceLoad[] {
  if (instanceType === undefined) return [];
  const vcpus = instanceVcpus(instanceType);
  const gpus = instanceGpus(instanceType)?.count;
  return [
    ...(vcpus === undefined
      ? []
      : [load("cpu-utilization", "Processors", "CPUUtilization", "Average", vcpus, "cpuUtilizationPercent")]),
    load("memory-utilization", "Memory", "MemoryUtilization", "Maximum", 1, "memoryUtilizationPercent"),
    load("disk-utilization", "Disk", "DiskUtilization", "Maximum", 1, "diskUtilizationPercent"),
    ...(gpus === undefined
      ? []
      : [
          load("gpu-utilization", "GPUs", "GPUUtilization", "Average", gpus, "gpuUtilizationPercent"),
          load(
            "gpu-memory-utilization",
            "GPU memory",
            "GPUMemoryUtilization",
            "Maximum",
            gpus,
            "gpuMemoryUtilizationPercent",
          ),
        ]),
  ];
}

function load(
  purpose: string,
  title: string,
  metricName: string,
  stat: InstanceLoad["stat"],
  parts: number,
  threshold: keyof AlarmThresholds,
): InstanceLoad {
  return { purpose, title, metricName, stat, parts, threshold };
}

/**
 * The alarms on a variant. Those on errors and latencies go off after three bad minutes in five, those on instances
 * after a bad quarter of an hour. SageMaker has no percentiles of the overhead, and sends no data in a minute without
 * invocations.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param limit their thresholds
 */
export function variantAlarms(variant: MonitoredVariant, limit: AlarmThresholds): VariantAlarm[] {
  return [
    errors(
      "invocation-5xx-errors",
      "failed with a server error",
      "Invocation5XXErrors",
      limit.invocation5XXErrorsPercent,
    ),
    errors("invocation-4xx-errors", "were rejected", "Invocation4XXErrors", limit.invocation4XXErrorsPercent),
    latency(
      "model-latency-p50",
      "the model's median latency was",
      "ModelLatency",
      "p50",
      limit.modelLatencyP50InMilliseconds,
    ),
    latency(
      "model-latency-p99",
      "the model's 99th percentile latency was",
      "ModelLatency",
      "p99",
      limit.modelLatencyP99InMilliseconds,
    ),
    latency(
      "overhead-latency",
      "SageMaker's average overhead was",
      "OverheadLatency",
      "Average",
      limit.overheadLatencyInMilliseconds,
    ),
    ...instanceLoads(variant).map((load) => instanceAlarm(load, limit[load.threshold])),
    ...(variant.silent ? [] : [silence(limit.minutesWithoutInvocations)]),
  ];
}

const threeMinutesOfFive = {
  comparisonOperator: "GreaterThanThreshold",
  period: 60,
  evaluationPeriods: 5,
  datapointsToAlarm: 3,
  treatMissingData: "notBreaching",
} as const;

/** In an alarm on one variant, each metric's id is its name. */
function watched({ metrics, expression }: Figure): Pick<VariantAlarm, "metrics" | "expression"> {
  if (!expression) return { metrics };
  return { metrics, expression: expression(Object.fromEntries(Object.keys(metrics).map((name) => [name, name]))) };
}

function errors(purpose: string, what: string, metricName: string, threshold: number): VariantAlarm {
  return {
    purpose,
    description: `more than ${threshold} % of the invocations ${what}`,
    ...watched(errorShare(metricName)),
    threshold,
    ...threeMinutesOfFive,
  };
}

function latency(purpose: string, what: string, metricName: string, stat: string, threshold: number): VariantAlarm {
  return {
    purpose,
    description: `${what} more than ${threshold} ms`,
    ...watched(latencyInMilliseconds(metricName, stat)),
    threshold,
    ...threeMinutesOfFive,
  };
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
