import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { accessLogPolicy } from "../sagemaker/resourcePolicies.ts";
import { closeBucket } from "./modelStorage.ts";
import type { Tags } from "./tags.ts";

/** What an AccessLogging is made from. */
export interface AccessLoggingArgs {
  /** Where the bucket is. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The bucket whose requests are logged. */
  readonly bucket: aws.s3.Bucket;
  /** Whether the logs survive: their bucket stays in AWS when it is taken out or destroyed. Default: false. */
  readonly protect?: boolean;
  /** Tags of the bucket with the logs. */
  readonly tags: Tags;
}

/**
 * A bucket's server access logs, in a bucket of their own: closed to the public, encrypted with S3's keys (S3 delivers to
 * no other), written by S3's logging service alone, and emptied of what is older than 90 days. Its own requests are not
 * logged: that would never end.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 *
 * Costs what S3 charges for the bytes stored: about half a kilobyte for each request.
 */
export class AccessLogging extends pulumi.ComponentResource {
  /** The bucket with the logs. */
  readonly logBucket: aws.s3.Bucket;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: AccessLoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:AccessLogging", name, {}, opts);
    const options = { parent: this, retainOnDelete: args.protect ?? false };
    this.logBucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: !args.protect, tags: args.tags }, options);
    const policy = pulumi
      .all([this.logBucket.arn, args.bucket.arn, args.scope])
      .apply(([logBucketArn, bucketArn, { accountId }]) => accessLogPolicy(logBucketArn, bucketArn, accountId));
    const expirations = [{ prefix, days: 90 }];
    new aws.s3.BucketLogging(
      `${name}-logging`,
      { bucket: args.bucket.bucket, targetBucket: this.logBucket.bucket, targetPrefix: prefix },
      { ...options, dependsOn: closeBucket(name, this.logBucket, { expirations, policy }, options) },
    );
    this.registerOutputs({ logBucketName: this.logBucket.bucket });
  }
}

/** What the keys of the logs begin with. */
const prefix = "requests/";
