import type { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type AwsConnection } from "./connection.ts";
import type { FoundResource } from "./foundResource.ts";

/**
 * Reads a bucket's tags.
 *
 * @param connection how to reach AWS
 * @param Bucket the bucket's name
 * @returns the bucket, without tags if it belongs to another account or region; `undefined` if there is none, or S3 can't
 * be asked
 */
export async function bucketTags(connection: AwsConnection, Bucket: string): Promise<FoundResource | undefined> {
  const { GetBucketTaggingCommand } = await import("@aws-sdk/client-s3");
  const client = await s3Client(connection);
  const arn = `arn:aws:s3:::${Bucket}`;
  try {
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket }));
    return { arn, tags: Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value])) };
  } catch (error) {
    switch ((error as Error).name) {
      case "NoSuchTagSet":
        return { arn, tags: {} };
      case "AccessDenied":
      case "PermanentRedirect":
        return { arn };
      default:
        return undefined;
    }
  }
}

/**
 * Finds what a bucket has that the program sets on each of its buckets, and would replace.
 *
 * @param connection how to reach AWS
 * @param Bucket the bucket's name
 * @returns its policy and lifecycle rules in words; what may not be read isn't there
 */
export async function bucketRules(connection: AwsConnection, Bucket: string): Promise<string[]> {
  const { GetBucketPolicyCommand, GetBucketLifecycleConfigurationCommand } = await import("@aws-sdk/client-s3");
  const client = await s3Client(connection);
  const asked = {
    policy: () => client.send(new GetBucketPolicyCommand({ Bucket })),
    "lifecycle rules": () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  };
  const found = Object.entries(asked).map(async ([what, ask]) => ((await ask().catch(() => undefined)) ? [what] : []));
  return (await Promise.all(found)).flat();
}

/**
 * A client of S3.
 *
 * @param connection how to reach AWS
 */
export async function s3Client(connection: AwsConnection): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const { s3Endpoint, s3UsePathStyle: forcePathStyle = false } = connection;
  return new S3Client({ ...clientSettings(connection, s3Endpoint), forcePathStyle });
}
