import { instanceGpus, instanceVcpus } from "./instanceTypes.ts";
import { errorShare, instanceUse, latencyInMilliseconds, type Figure, type VariantMetric } from "./endpointMetrics.ts";

/** When the alarms go off: percentages, milliseconds and minutes, as their names say. */
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

/** A variant as CloudWatch sees it. */
export interface MonitoredVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** What it runs on; absent where it has no instances, and then nothing of instances is watched. */
  readonly instanceType?: string;
  /** Whether it may well be that nobody invokes it. Default: false. */
  readonly silent?: boolean;
}

/** An alarm on a variant. */
export interface VariantAlarm {
  /** What its name ends in. */
  readonly purpose: string;
  /** What it means when it goes off, for people. */
  readonly description: string;
  /** The metrics by the names that the expression calls them. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /** What is computed from them. Default: nothing, it is one metric. */
  readonly expression?: string;
  /** On which side of the threshold it goes off. */
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  /** The value that the metric or the expression is compared with. */
  readonly threshold: number;
  /** The length of each data point, in seconds. */
  readonly period: number;
  /** How many data points are looked at. */
  readonly evaluationPeriods: number;
  /** How many of them have to be beyond the threshold. */
  readonly datapointsToAlarm: number;
  /** What a missing data point counts as. */
  readonly treatMissingData: "breaching" | "notBreaching";
}

/**
 * The load of an instance, in percent of the whole of it: SageMaker adds up processors and GPUs, so that four of them have
 * up to 400 percent; the normalized metrics exist for inference components only.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint metrics)
 */
export interface InstanceLoad {
  /** What the name of its alarm ends in. */
  readonly purpose: string;
  /** What it is, for people. */
  readonly title: string;
  /** SageMaker's name for it. */
  readonly metricName: string;
  /** Whether the average instance counts, or the worst one. */
  readonly stat: "Average" | "Maximum";
  /** How many times 100 percent the metric goes up to. */
  readonly parts: number;
  /** When its alarm goes off, in percent of the whole. */
  readonly threshold: keyof AlarmThresholds;
}

/**
 * What is measured on a variant's instances.
 *
 * @param variant the variant
 * @returns processors, memory and disk, and GPUs where there are any; of a type that AWS's list does not have only memory
 *   and disk, because the full load of the others is not known; empty without instances
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
 * The alarms on a variant. Errors and latencies go off after three bad minutes of five, instances after a bad quarter of an
 * hour. SageMaker offers no percentiles of the overhead, and sends nothing in a minute without invocations.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param variant the variant
 * @param limit when they go off
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

/** In an alarm of one variant, each metric's id is its name. */
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
