/** When the alarms go off. What is absent has the value of `defaultAlarmThresholds`. */
export interface AlarmThresholds {
  /** Answers with a status of 500 or more, in percent of the invocations. */
  readonly invocation5XXErrorsPercent?: number;
  /** Answers with a status from 400 to 499, in percent of the invocations. */
  readonly invocation4XXErrorsPercent?: number;
  /** The median of the model's latency, in milliseconds. */
  readonly modelLatencyP50InMilliseconds?: number;
  /** The 99th percentile of the model's latency, in milliseconds. */
  readonly modelLatencyP99InMilliseconds?: number;
  /** The average of what SageMaker adds to the model's latency, in milliseconds. */
  readonly overheadLatencyInMilliseconds?: number;
  /** The processors' load, in percent of the whole instance. */
  readonly cpuUtilizationPercent?: number;
  /** The memory in use, in percent. */
  readonly memoryUtilizationPercent?: number;
  /** The disk in use, in percent. */
  readonly diskUtilizationPercent?: number;
  /** The GPUs' load, in percent of all of them; where the instance has one. */
  readonly gpuUtilizationPercent?: number;
  /** The GPUs' memory in use, in percent of all of it; where the instance has one. */
  readonly gpuMemoryUtilizationPercent?: number;
  /** How long nobody invokes the endpoint, in minutes, 1 to 1440. */
  readonly minutesWithoutInvocations?: number;
}

/**
 * When the alarms go off where nothing is said. Data capture stops on an almost full disk: AWS advises to
 * stay below 75 %.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
export const defaultAlarmThresholds: Required<AlarmThresholds> = {
  invocation5XXErrorsPercent: 1,
  invocation4XXErrorsPercent: 5,
  modelLatencyP50InMilliseconds: 1000,
  modelLatencyP99InMilliseconds: 5000,
  overheadLatencyInMilliseconds: 500,
  cpuUtilizationPercent: 90,
  memoryUtilizationPercent: 90,
  diskUtilizationPercent: 75,
  gpuUtilizationPercent: 95,
  gpuMemoryUtilizationPercent: 95,
  minutesWithoutInvocations: 60,
};

/** What is kept of an endpoint's logs, and who is told of its alarms. */
export interface MonitoringOptions {
  /** How long logs are kept, in days: one of `retentionDays`. */
  readonly retentionInDays: number;
  /** The SNS topic that is told of alarms. Default: one is made. */
  readonly topicArn?: string;
  /** Addresses that subscribe to the topic that is made; each gets a message to confirm. Default: none. */
  readonly emailAddresses?: readonly string[];
  /** When the alarms go off. Default: `defaultAlarmThresholds`. */
  readonly alarms?: AlarmThresholds;
}

/**
 * How many days CloudWatch keeps logs.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Everything that speaks against a monitoring.
 *
 * @param monitoring the options
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function monitoringProblems({ retentionInDays, topicArn, emailAddresses }: MonitoringOptions): string[] {
  return [
    ...(retentionDays.includes(retentionInDays)
      ? []
      : [`has a retentionInDays of ${retentionInDays}: use one of ${retentionDays.join(", ")}`]),
    ...(topicArn !== undefined && emailAddresses !== undefined
      ? ["has emailAddresses together with a topicArn, a topic that has its own subscribers: set one of the two"]
      : []),
  ];
}

/**
 * The log group that SageMaker writes an endpoint's logs to.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 *
 * @param endpointName the endpoint's name
 */
export function logGroupName(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}
