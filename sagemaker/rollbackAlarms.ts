import {
  errorShare,
  errorShareOfAll,
  latencyInMilliseconds,
  longestInMilliseconds,
  type Figure,
  type VariantMetric,
} from "./endpointMetrics.ts";

/** The thresholds that roll a release back. */
export interface RollbackThresholds {
  /** Responses with a status of 500 or more, as a percentage of invocations. */
  readonly invocation5XXErrorsPercent: number;
  /** Unsuccessful responses of the model, as a percentage of invocations. */
  readonly invocationModelErrorsPercent: number;
  /** The 99th percentile of the model's latency, in milliseconds. */
  readonly modelLatencyInMilliseconds: number;
}

/** The suffixes of the alarms' names: always these three, because an endpoint's alarm names can't be changed. */
export const rollbackAlarmPurposes = ["invocation-5xx-errors", "invocation-model-errors", "model-latency"] as const;

/** An alarm that rolls a release back. */
export interface RollbackAlarm {
  /** The suffix of its name. */
  readonly purpose: (typeof rollbackAlarmPurposes)[number];
  /** A readable description of why it goes off. */
  readonly description: string;
  /** The metrics of each variant, by their names in the expression with the variant's number: `errors1`. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /** The expression over the metrics of a number of variants. */
  readonly expression: (variants: number) => string;
  /** The value above which it goes off. */
  readonly threshold: number;
}

/**
 * The alarms that roll a release back, one for each purpose.
 *
 * @param thresholds their thresholds
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

/** The ids of a variant's metrics end in its number. */
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
