import { logGroupName } from "../sagemaker/monitoring.ts";
import type { EarlierResource } from "./earlierStack.ts";

/** A log group in the stack's state. */
export interface EarlierLogGroup {
  /** Its name in Pulumi. */
  readonly logicalName: string;
  /** Its name in CloudWatch. */
  readonly name: string;
  /** How many days logs are kept; 0 for ever. */
  readonly retentionInDays: number;
}

/**
 * The log groups that a stack created for an endpoint, also those of endpoints that it replaced.
 *
 * @param resources the resources in the stack's state
 * @param prefix the name in Pulumi of the first one, with which the others' begin
 */
export function earlierLogGroups(resources: readonly EarlierResource[], prefix: string): EarlierLogGroup[] {
  return resources.flatMap(({ type, name: logicalName, outputs: { name, retentionInDays } }) =>
    type === "aws:cloudwatch/logGroup:LogGroup" && logicalName.startsWith(prefix) && typeof name === "string"
      ? [{ logicalName, name, retentionInDays: Number(retentionInDays ?? 0) }]
      : [],
  );
}

/**
 * The name in Pulumi of an endpoint's own log group: the one that it has, or else the first that no other endpoint's has.
 *
 * @param endpointName the endpoint's name
 * @param earlier the log groups in the stack's state
 * @param prefix the name of the first one
 */
export function ownLogGroup(endpointName: string, earlier: readonly EarlierLogGroup[], prefix: string): string {
  const known = earlier.find(({ name }) => name === logGroupName(endpointName));
  const isTaken = earlier.some(({ logicalName }) => logicalName === prefix);
  return known?.logicalName ?? (isTaken ? `${prefix}-${endpointName}` : prefix);
}
