/** The location of an ARN's resource. */
export interface ArnPlace {
  /** For example `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** For example `us-east-1`; empty for global resources. */
  readonly region: string;
}

/**
 * Reads the location of an ARN's resource.
 *
 * @param text any text
 * @returns `undefined` if it isn't an ARN
 */
export function parseArn(text: string): ArnPlace | undefined {
  const [, partition, region] = /^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):/.exec(text) ?? [];
  return partition === undefined || region === undefined ? undefined : { partition, region };
}
