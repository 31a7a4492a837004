/** The namespace of SageMaker's instance metrics. */
export const instanceNamespace = "/aws/sagemaker/Endpoints";

/** The namespace of SageMaker's invocation metrics. */
export const invocationNamespace = "AWS/SageMaker";

/** The dimensions of every metric of a variant. */
export function variantDimensions<Name>(endpointName: Name, variantName: string) {
  return { EndpointName: endpointName, VariantName: variantName };
}

/** A metric of an endpoint's variant. */
export interface VariantMetric {
  /** CloudWatch's namespace. Default: that of the invocation metrics. */
  readonly namespace?: string;
  /** The metric's name in SageMaker. */
  readonly metricName: string;
  /** The statistic, for example `Sum` or `p99`. */
  readonly stat: string;
}

/** A value for alarms and charts: a metric, or an expression over several. */
export interface Figure {
  /** The metrics, by their names in the expression. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /**
   * CloudWatch's expression; absent if the value is the metric itself.
   *
   * @param ids the metrics' ids in CloudWatch, by their names
   */
  readonly expression?: (ids: Readonly<Record<string, string>>) => string;
}

/**
 * The percentage of invocations with one kind of error. CloudWatch has no data point for a minute without errors, which
 * counts as 0.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param metricName the metric that counts the errors, for example `Invocation5XXErrors`
 * @returns the percentage
 */
export function errorShare(metricName: string): Required<Figure> {
  return {
    metrics: { errors: { metricName, stat: "Sum" }, invocations: { metricName: "Invocations", stat: "Sum" } },
    expression: ({ errors = "", invocations = "" }) => percentage(filled(errors), invocations),
  };
}

/**
 * The same percentage for several variants together. A variant without a data point counts as 0, so that its missing
 * data doesn't hide the others.
 *
 * @param errors the metric ids of each variant's errors
 * @param invocations the metric ids of each variant's invocations
 */
export function errorShareOfAll(errors: readonly string[], invocations: readonly string[]): string {
  return percentage(`SUM([${allFilled(errors)}])`, `SUM([${allFilled(invocations)}])`);
}

/**
 * A latency. SageMaker reports latencies in microseconds.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param metricName `ModelLatency` or `OverheadLatency`
 * @param stat the statistic, for example `p99`
 * @returns the latency in milliseconds
 */
export function latencyInMilliseconds(metricName: string, stat: string): Required<Figure> {
  return {
    metrics: { latency: { metricName, stat } },
    expression: ({ latency = "" }) => milliseconds(latency),
  };
}

/**
 * The longest of several variants' latencies.
 *
 * @param latencies the metric ids of each variant's latency
 */
export function longestInMilliseconds(latencies: readonly string[]): string {
  return milliseconds(`MAX([${allFilled(latencies)}])`);
}

/**
 * The utilization of an instance's processors, memory or disk.
 *
 * @param metricName the metric, for example `CPUUtilization`
 * @param stat the statistic
 * @param parts how many times 100 percent is the metric's maximum
 * @returns the utilization as a percentage of the whole
 */
export function instanceUse(metricName: string, stat: string, parts: number): Figure {
  return {
    metrics: { used: { namespace: instanceNamespace, metricName, stat } },
    expression: parts > 1 ? ({ used = "" }) => `${used} / ${parts}` : undefined,
  };
}

function percentage(part: string, whole: string): string {
  return `100 * ${part} / ${whole}`;
}

function milliseconds(microseconds: string): string {
  return `${microseconds} / 1000`;
}

function filled(id: string): string {
  return `FILL(${id}, 0)`;
}

function allFilled(ids: readonly string[]): string {
  return ids.map(filled).join(", ");
}
