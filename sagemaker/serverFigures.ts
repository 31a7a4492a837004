import type { Figure, VariantMetric } from "./endpointMetrics.ts";
import { serverMetricsNamespace as namespace } from "./serverMetrics.ts";

/** The thresholds of the alarms on Triton's own metrics. */
export interface ServerAlarmThresholds {
  /** The average time that a request waits, in milliseconds. */
  readonly queueTimeInMilliseconds: number;
  /** The requests that wait, on average. */
  readonly pendingRequests: number;
  /** The requests that Triton failed, as a percentage. */
  readonly failuresPercent: number;
}

/** A request's parts in Triton, by their metric: each is its average of a period, in microseconds. */
export const serverTimes = {
  QueueTime: "queue",
  InputTime: "input",
  ComputeTime: "compute",
  OutputTime: "output",
} as const;

/** A metric that a variant's server reports. */
function serverMetric(metricName: string, stat: string): VariantMetric {
  return { namespace, metricName, stat };
}

/**
 * A part of a request's time in Triton, in milliseconds.
 *
 * @param metricName the part's metric
 */
export function serverTime(metricName: keyof typeof serverTimes): Required<Figure> {
  return {
    metrics: { time: serverMetric(metricName, "Average") },
    expression: ({ time = "" }) => `${time} / 1000`,
  };
}

/** The average time that a request waits in Triton, in milliseconds. */
export const serverQueueTime = serverTime("QueueTime");

/** The requests that wait on an instance. */
export function pendingRequests(stat: string): Figure {
  return { metrics: { pending: serverMetric("PendingRequests", stat) } };
}

/** The requests that Triton failed, as a percentage of all. */
export const serverFailureShare: Required<Figure> = {
  metrics: { failures: serverMetric("Failures", "Sum"), requests: serverMetric("Requests", "Sum") },
  expression: ({ failures = "", requests = "" }) => `100 * ${failures} / (${failures} + ${requests})`,
};

/**
 * CloudWatch's search for a metric of each model that a variant serves, whose names only the server knows.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 *
 * @param metricName the metric
 * @param endpointName the endpoint's name
 * @param variantName the variant's name
 */
export function eachModel(metricName: string, endpointName: string, variantName: string): string {
  const schema = `${namespace},EndpointName,VariantName,ModelName`;
  const terms = `EndpointName="${endpointName}" VariantName="${variantName}" MetricName="${metricName}"`;
  return `SEARCH('{${schema}} ${terms}', 'Average')`;
}
