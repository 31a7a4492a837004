import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** One statement of a policy document in the form of @pulumi/aws, with all inputs known. */
export type PolicyStatement = pulumi.Unwrap<aws.iam.PolicyStatement>;

/** A policy document in the form of @pulumi/aws, with all inputs known, ready for `JSON.stringify`. */
export type PolicyDocument = pulumi.Unwrap<aws.iam.PolicyDocument>;

/** The partition, region and account of a stack's resources. */
export interface AwsScope {
  /** The partition: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** The region, for example `eu-central-1`. */
  readonly region: string;
  /** The account, twelve digits. */
  readonly accountId: string;
}

/** Makes a document from statements. */
export function policyDocument(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}
