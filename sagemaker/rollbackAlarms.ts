import {
  errorShare,
  errorShareOfAll,
  latencyInMilliseconds,
  longestInMilliseconds,
  type Figure,
  type VariantMetric,
} from "./endpointMetrics.ts";

/** What rolls a release back. */
export interface RollbackThresholds {
  /** Responses with a status of 500 or more, in percent of the invocations. */
  readonly invocation5XXErrorsPercent: number;
  /** Responses of the model that are no success, in percent of the invocations. */
  readonly invocationModelErrorsPercent: number;
  /** The 99th percentile of the model's latency, in milliseconds. */
  readonly modelLatencyInMilliseconds: number;
}

/** What the alarms' names end in: always these three, because an endpoint is tied to its alarms' names for good. */
export const rollbackAlarmPurposes = ["invocation-5xx-errors", "invocation-model-errors", "model-latency"] as const;

/** An alarm that takes a release back. */
export interface RollbackAlarm {
  /** What its name ends in. */
  readonly purpose: (typeof rollbackAlarmPurposes)[number];
  /** What it means when it goes off, for people. */
  readonly description: string;
  /** The metrics of each variant, by the names that the expression calls them, with the variant's number: `errors1`. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /** What is computed from the metrics of so many variants. */
  readonly expression: (variants: number) => string;
  /** The value above which it goes off. */
  readonly threshold: number;
}

/**
 * The alarms that take a release back, one for each purpose.
 *
 * @param thresholds when they go off
 */
export function rollbackAlarms(thresholds: RollbackThresholds): RollbackAlarm[] {
  return [
    {
      purpose: "invocation-5xx-errors",
      description: `more than ${thresholds.invocation5XXErrorsPercent} % of the invocations failed with a server error`,
      ...shareOfErrors("Invocation5XXErrors"),
      threshold: thresholds.invocation5XXErrorsPercent,
    },
    {
      purpose: "invocation-model-errors",
      description: `more than ${thresholds.invocationModelErrorsPercent} % of the invocations were rejected or failed in the model`,
      ...shareOfErrors("InvocationModelErrors"),
      threshold: thresholds.invocationModelErrorsPercent,
    },
    {
      purpose: "model-latency",
      description: `the model's 99th percentile latency was more than ${thresholds.modelLatencyInMilliseconds} ms`,
      ...watched(latencyInMilliseconds("ModelLatency", "p99"), (ids) => longestInMilliseconds(ids("latency"))),
      threshold: thresholds.modelLatencyInMilliseconds,
    },
  ];
}

function shareOfErrors(metricName: string): Pick<RollbackAlarm, "metrics" | "expression"> {
  return watched(errorShare(metricName), (ids) => errorShareOfAll(ids("errors"), ids("invocations")));
}

/** Each variant's metrics have its number at the end of their ids. */
function watched(
  { metrics, expression }: Required<Figure>,
  ofAll: (ids: (metric: string) => string[]) => string,
): Pick<RollbackAlarm, "metrics" | "expression"> {
  return {
    metrics,
    expression: (variants) =>
      variants === 1
        ? expression(Object.fromEntries(Object.keys(metrics).map((metric) => [metric, `${metric}1`])))
        : ofAll((metric) => Array.from({ length: variants }, (_, index) => `${metric}${index + 1}`)),
  };
}
