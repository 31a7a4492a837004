import type * as aws from "@pulumi/aws";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { accessLogPolicy } from "../sagemaker/resourcePolicies.ts";
import type { ModelBucket } from "./existingParts.ts";
import { closeBucket } from "./modelStorage.ts";
import type { Tags } from "./tags.ts";

/** Arguments of AccessLogging. */
export interface AccessLoggingArgs {
  /** The bucket's account and region. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The bucket whose requests are logged. */
  readonly bucket: ModelBucket;
  /**
   * Whether the bucket with the logs stays in AWS when it is removed from the stack or the stack is destroyed. Default:
   * false.
   */
  readonly protect?: boolean;
  /** Tags of the bucket with the logs. */
  readonly tags: Tags;
}

/**
 * A bucket's server access logs, in a separate bucket: not public, encrypted with S3's own keys (S3 can't deliver logs
 * to a bucket encrypted with others), written only by S3's logging service, with objects deleted after 90 days.
 * Requests to the log bucket itself are not logged, which would never end.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 *
 * Costs what S3 charges for storage: about half a kilobyte per request.
 */
export class AccessLogging extends pulumi.ComponentResource {
  /** The bucket with the logs. */
  readonly logBucket: aws.s3.Bucket;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: AccessLoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:AccessLogging", name, {}, opts);
    const options = { parent: this, retainOnDelete: args.protect ?? false };
    this.logBucket = new Bucket(`${name}-bucket`, { forceDestroy: !args.protect, tags: args.tags }, options);
    const policy = pulumi
      .all([this.logBucket.arn, args.bucket.arn, args.scope])
      .apply(([logBucketArn, bucketArn, { accountId }]) => accessLogPolicy(logBucketArn, bucketArn, accountId));
    const expirations = [{ prefix, days: 90 }];
    new BucketLogging(
      `${name}-logging`,
      { bucket: args.bucket.bucket, targetBucket: this.logBucket.bucket, targetPrefix: prefix },
      {
        ...options,
        deleteBeforeReplace: true,
        dependsOn: closeBucket(name, this.logBucket, { expirations, policy }, this),
      },
    );
    this.registerOutputs({ logBucketName: this.logBucket.bucket });
  }
}

/** The prefix of the logs' keys. */
const prefix = "requests/";
