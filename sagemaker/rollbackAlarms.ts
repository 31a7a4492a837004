/** What rolls a release back. */
export interface RollbackThresholds {
  /** Responses with a status of 500 or more, in percent of the invocations. */
  readonly invocation5XXErrorsPercent: number;
  /** Responses of the model that are no success, in percent of the invocations. */
  readonly invocationModelErrorsPercent: number;
  /** The 99th percentile of the model's latency, in milliseconds. */
  readonly modelLatencyInMilliseconds: number;
}

/** A metric of an endpoint's variant, one minute at a time. */
export interface VariantMetric {
  /** SageMaker's name for it. */
  readonly metricName: string;
  /** The statistic, for example `Sum` or `p99`. */
  readonly stat: string;
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
 * SageMaker counts a model's latency in microseconds; a minute without an error or an invocation has no data point.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param thresholds when they go off
 */
export function rollbackAlarms(thresholds: RollbackThresholds): RollbackAlarm[] {
  return [
    {
      purpose: "invocation-5xx-errors",
      description: `more than ${thresholds.invocation5XXErrorsPercent} % of the invocations ended in a server error`,
      ...share("Invocation5XXErrors"),
      threshold: thresholds.invocation5XXErrorsPercent,
    },
    {
      purpose: "invocation-model-errors",
      description: `more than ${thresholds.invocationModelErrorsPercent} % of the invocations were refused or failed by the model`,
      ...share("InvocationModelErrors"),
      threshold: thresholds.invocationModelErrorsPercent,
    },
    {
      purpose: "model-latency",
      description: `1 % of the invocations took the model longer than ${thresholds.modelLatencyInMilliseconds} ms`,
      metrics: { latency: { metricName: "ModelLatency", stat: "p99" } },
      expression: (variants) => (variants === 1 ? "latency1 / 1000" : `MAX([${filled(variants, "latency")}]) / 1000`),
      threshold: thresholds.modelLatencyInMilliseconds,
    },
  ];
}

function share(metricName: string): Pick<RollbackAlarm, "metrics" | "expression"> {
  return {
    metrics: { errors: { metricName, stat: "Sum" }, invocations: { metricName: "Invocations", stat: "Sum" } },
    expression: (variants) =>
      variants === 1
        ? "100 * FILL(errors1, 0) / invocations1"
        : `100 * SUM([${filled(variants, "errors")}]) / SUM([${filled(variants, "invocations")}])`,
  };
}

/** A variant without a data point counts as 0: one variant's silence does not hide the others. */
function filled(variants: number, metric: string): string {
  return Array.from({ length: variants }, (_, index) => `FILL(${metric}${index + 1}, 0)`).join(", ");
}
