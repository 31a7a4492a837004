import { ask, isRefusal, type AwsClients } from "../releases/connection.ts";
import { variantDimensions } from "../sagemaker/endpointMetrics.ts";
import { serverMetricsNamespace } from "../sagemaker/serverMetrics.ts";

/** What a variant's servers last reported of themselves, on average. */
export interface ServerStatus {
  /** When. */
  readonly at: Date;
  /** The requests of that minute. */
  readonly requests?: number;
  /** Those that Triton failed. */
  readonly failures?: number;
  /** How long a request waited in Triton, in milliseconds. */
  readonly queueTimeInMilliseconds?: number;
  /** How long it was computed, in milliseconds. */
  readonly computeTimeInMilliseconds?: number;
  /** The requests that wait on each instance. */
  readonly pendingRequests?: number;
}

const queries = {
  requests: { MetricName: "Requests", Stat: "Sum" },
  failures: { MetricName: "Failures", Stat: "Sum" },
  queue: { MetricName: "QueueTime", Stat: "Average" },
  compute: { MetricName: "ComputeTime", Stat: "Average" },
  pending: { MetricName: "PendingRequests", Stat: "Average" },
} as const;

/** How far to look back, in milliseconds: a server without requests reports nothing. */
const range = 3 * 60 * 60 * 1000;

/**
 * Reads what a variant's servers last reported of themselves.
 *
 * @param clients the services
 * @param endpointName the endpoint
 * @param variantName the variant
 * @returns `undefined` if they have reported nothing in the last hours, or CloudWatch may not be asked
 * @throws AwsError if AWS returns another error
 */
export async function readServerStatus(
  { cloudwatch }: AwsClients,
  endpointName: string,
  variantName: string,
): Promise<ServerStatus | undefined> {
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const Dimensions = Object.entries(variantDimensions(endpointName, variantName)).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  const now = Date.now();
  const command = new GetMetricDataCommand({
    StartTime: new Date(now - range),
    EndTime: new Date(now + 60_000),
    ScanBy: "TimestampDescending",
    MetricDataQueries: Object.entries(queries).map(([Id, { MetricName, Stat }]) => ({
      Id,
      MetricStat: { Metric: { Namespace: serverMetricsNamespace, MetricName, Dimensions }, Period: 60, Stat },
    })),
  });
  try {
    const found = await ask(`GetMetricData of ${variantName}`, () => cloudwatch.send(command));
    const results = new Map((found.MetricDataResults ?? []).map((result) => [result.Id, result]));
    const at = results.get("queue")?.Timestamps?.[0];
    if (at === undefined) return undefined;
    // The others' values of the same minute.
    const value = (id: keyof typeof queries): number | undefined => {
      const { Timestamps = [], Values = [] } = results.get(id) ?? {};
      return Values[Timestamps.findIndex((each) => each.getTime() === at.getTime())];
    };
    const milliseconds = (id: keyof typeof queries) => {
      const microseconds = value(id);
      return microseconds === undefined ? undefined : microseconds / 1000;
    };
    return {
      at,
      requests: value("requests"),
      failures: value("failures"),
      queueTimeInMilliseconds: milliseconds("queue"),
      computeTimeInMilliseconds: milliseconds("compute"),
      pendingRequests: value("pending"),
    };
  } catch (error) {
    if (isRefusal(error, /AccessDenied|not authorized/i)) return undefined;
    throw error;
  }
}
