import type * as aws from "@pulumi/aws";
import { invocationNamespace, variantDimensions, type VariantMetric } from "../sagemaker/endpointMetrics.ts";

/** A metric of one variant for an alarm's queries. */
export interface QueriedMetric {
  /** Its id in the expression. */
  readonly id: string;
  /** The metric. */
  readonly metric: VariantMetric;
  /** The variant's name. */
  readonly variantName: string;
}

/**
 * Builds the metric queries of an endpoint's alarm: its metrics and the expression over them.
 *
 * @param endpointName the endpoint's name
 * @param metrics the metrics; exactly one if there is no expression
 * @param alarm the expression over them, its label, and the period of each data point in seconds
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
        dimensions: variantDimensions(endpointName, variantName),
      },
      ...(expression === undefined ? result : {}),
    })),
  ];
}
