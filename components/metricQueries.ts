import type * as aws from "@pulumi/aws";
import { invocationNamespace, type VariantMetric } from "../sagemaker/endpointMetrics.ts";

/** A metric of one variant, as an alarm's queries take it. */
export interface QueriedMetric {
  /** What the expression calls it. */
  readonly id: string;
  /** The metric. */
  readonly metric: VariantMetric;
  /** The variant's name. */
  readonly variantName: string;
}

/**
 * The queries of an alarm on an endpoint: its metrics, and what is computed from them.
 *
 * @param endpointName the endpoint's name
 * @param metrics the metrics; without an expression, a single one
 * @param alarm what is computed from them, what it is in words, and the length of each data point in seconds
 */
export function metricQueries(
  endpointName: string,
  metrics: readonly QueriedMetric[],
  { expression, label, period }: { readonly expression?: string; readonly label: string; readonly period: number },
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const result = { label, returnData: true };
  return [
    ...(expression === undefined ? [] : [{ id: "watched", expression, ...result }]),
    ...metrics.map(({ id, metric, variantName }) => ({
      id,
      metric: {
        namespace: invocationNamespace,
        ...metric,
        period,
        dimensions: { EndpointName: endpointName, VariantName: variantName },
      },
      ...(expression === undefined ? result : {}),
    })),
  ];
}
