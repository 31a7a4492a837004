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

/**
 * The partition that a region is in.
 * Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 *
 * @param region for example `cn-north-1`
 */
export function partitionOf(region: string): string {
  const [prefix] = region.split(/-(?=[a-z]+-\d)/);
  return partitions[prefix ?? ""] ?? "aws";
}

const partitions: Readonly<Record<string, string | undefined>> = {
  cn: "aws-cn",
  "us-gov": "aws-us-gov",
  "us-iso": "aws-iso",
  "us-isob": "aws-iso-b",
  "eu-isoe": "aws-iso-e",
  "us-isof": "aws-iso-f",
  eusc: "aws-eusc",
};
