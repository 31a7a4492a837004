import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { registrySuffixes } from "../sagemaker/partitions.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";

/** The parts of an endpoint that somebody else may have made: by name, or as the resource of @pulumi/aws. */
export interface ExistingParts {
  /**
   * An existing bucket to upload models to: its name, or the resource. Nothing is changed on it. Default: a bucket is
   * created.
   */
  readonly bucket?: pulumi.Input<string> | aws.s3.Bucket;
  /**
   * An existing ECR repository, in the endpoint's account and region, to copy the image to: its name, or the resource.
   * Nothing else is changed on it. Default: a repository is created.
   */
  readonly repository?: pulumi.Input<string> | aws.ecr.Repository;
  /**
   * An existing execution role with all permissions: its name, its ARN, or the resource. Nothing is changed on it.
   * Default: a role is created.
   */
  readonly role?: pulumi.Input<string> | aws.iam.Role;
  /**
   * The endpoint's log group, `/aws/sagemaker/Endpoints/<endpointName>`, if it exists: its name, or the resource. Nothing
   * is changed on it. Default: created with monitoring, otherwise by SageMaker.
   */
  readonly logGroup?: pulumi.Input<string> | aws.cloudwatch.LogGroup;
}

/** The output of each resource that identifies it. */
const identifiers: Readonly<Record<keyof ExistingParts, string>> = {
  bucket: "bucket",
  repository: "name",
  role: "arn",
  logGroup: "name",
};

/**
 * The arguments with each existing part that was given as a resource by what identifies it.
 *
 * @param args the arguments
 */
export function withIdentifiers(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parts = Object.entries(identifiers).flatMap(([key, output]) => {
    const part = args[key];
    // A resource of another kind has no such output, and no name is empty.
    return pulumi.CustomResource.isInstance(part)
      ? [[key, (part as unknown as Record<string, unknown>)[output] ?? ""]]
      : [];
  });
  return { ...args, ...(Object.fromEntries(parts) as object) };
}

/** A bucket, whoever made it. */
export type ModelBucket = Pick<aws.s3.Bucket, "bucket" | "arn">;

/** An ECR repository, whoever made it. */
export type ImageRepository = Pick<aws.ecr.Repository, "arn" | "repositoryUrl">;

/**
 * An existing bucket.
 *
 * @param name its name
 * @param scope where the endpoint lives
 */
export function existingBucket(name: pulumi.Input<string>, scope: pulumi.Output<AwsScope>): ModelBucket {
  const bucket = pulumi.output(name);
  return {
    bucket,
    arn: pulumi.all([bucket, scope]).apply(([known, { partition }]) => `arn:${partition}:s3:::${known}`),
  };
}

/**
 * An existing repository in the endpoint's account and region.
 *
 * @param name its name
 * @param scope where the endpoint lives
 */
export function existingRepository(name: pulumi.Input<string>, scope: pulumi.Output<AwsScope>): ImageRepository {
  const whole = pulumi.all([name, scope]);
  return {
    arn: whole.apply(
      ([known, { partition, region, accountId }]) => `arn:${partition}:ecr:${region}:${accountId}:repository/${known}`,
    ),
    repositoryUrl: whole.apply(
      ([known, { region, accountId }]) =>
        `${accountId}.dkr.ecr.${region}.${registrySuffixes(region)[0] ?? ""}/${known}`,
    ),
  };
}

/**
 * The ARN of an existing role.
 *
 * @param role its name, with its path if it has one, or its ARN
 * @param scope where the endpoint lives
 */
export function existingRoleArn(role: pulumi.Input<string>, scope: pulumi.Output<AwsScope>): pulumi.Output<string> {
  return pulumi
    .all([role, scope])
    .apply(([known, { partition, accountId }]) =>
      /^[\w+=,.@/-]+$/.test(known) ? `arn:${partition}:iam::${accountId}:role/${known}` : known,
    );
}
