/** The namespace of what SageMaker measures on instances. */
export const instanceNamespace = "/aws/sagemaker/Endpoints";

/** The namespace of what SageMaker counts of invocations. */
export const invocationNamespace = "AWS/SageMaker";

/** A metric of an endpoint's variant. */
export interface VariantMetric {
  /** CloudWatch's namespace. Default: the one of invocations. */
  readonly namespace?: string;
  /** SageMaker's name for it. */
  readonly metricName: string;
  /** The statistic, for example `Sum` or `p99`. */
  readonly stat: string;
}

/** A figure that alarms watch and charts show: a metric, or what is computed from several. */
export interface Figure {
  /** The metrics, by the names that the expression calls them. */
  readonly metrics: Readonly<Record<string, VariantMetric>>;
  /**
   * CloudWatch's expression; absent where the figure is the metric itself.
   *
   * @param ids the metrics' ids in CloudWatch, by their names
   */
  readonly expression?: (ids: Readonly<Record<string, string>>) => string;
}

/**
 * The share of a kind of errors among the invocations. CloudWatch has no data point for a minute without an error: it counts
 * as 0.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics)
 *
 * @param metricName the metric that counts the errors, for example `Invocation5XXErrors`
 * @returns the share in percent
 */
export function errorShare(metricName: string): Required<Figure> {
  return {
    metrics: { errors: { metricName, stat: "Sum" }, invocations: { metricName: "Invocations", stat: "Sum" } },
    expression: ({ errors = "", invocations = "" }) => percentage(filled(errors), invocations),
  };
}

/**
 * The same share of several variants together. A variant without a data point counts as 0, so that one variant's silence
 * does not hide the others.
 *
 * @param errors the ids of the metrics that count each variant's errors
 * @param invocations the ids of those that count its invocations
 */
export function errorShareOfAll(errors: readonly string[], invocations: readonly string[]): string {
  return percentage(`SUM([${allFilled(errors)}])`, `SUM([${allFilled(invocations)}])`);
}

/**
 * A latency. SageMaker counts latencies in microseconds.
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
 * @param latencies the ids of the metrics of each variant's latency
 */
export function longestInMilliseconds(latencies: readonly string[]): string {
  return milliseconds(`MAX([${allFilled(latencies)}])`);
}

/**
 * What is in use of an instance's processors, memory or disk.
 *
 * @param metricName the metric, for example `CPUUtilization`
 * @param stat the statistic
 * @param parts how many times 100 percent the metric goes up to
 * @returns the use in percent of the whole
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
