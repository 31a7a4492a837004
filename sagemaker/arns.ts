/** Where an ARN's resource is. */
export interface ArnPlace {
  /** For example `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** For example `us-east-1`; empty for what is in no region. */
  readonly region: string;
}

/**
 * Where an ARN's resource is.
 *
 * @param text any text
 * @returns `undefined` where it is no ARN
 */
export function parseArn(text: string): ArnPlace | undefined {
  const [, partition, region] = /^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):/.exec(text) ?? [];
  return partition === undefined || region === undefined ? undefined : { partition, region };
}
