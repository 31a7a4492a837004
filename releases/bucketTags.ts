import { clientSettings, type AwsConnection } from "./connection.ts";
import type { FoundResource } from "./ownership.ts";

/**
 * Reads a bucket's tags.
 *
 * @param connection how to reach AWS
 * @param Bucket the bucket's name
 * @returns the bucket, without tags if it belongs to another account or region; `undefined` if there is none, or S3 can't
 * be asked
 */
export async function bucketTags(connection: AwsConnection, Bucket: string): Promise<FoundResource | undefined> {
  const { S3Client, GetBucketTaggingCommand } = await import("@aws-sdk/client-s3");
  const { s3Endpoint, s3UsePathStyle: forcePathStyle = false } = connection;
  const client = new S3Client({ ...clientSettings(connection, s3Endpoint), forcePathStyle });
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
