/**
 * The retention periods that CloudWatch Logs allows, in days.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * The log group that SageMaker writes an endpoint's logs to.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 *
 * @param endpointName the endpoint's name
 */
export function logGroupName(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}
