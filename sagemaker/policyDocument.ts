import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** One statement of a policy document, as @pulumi/aws has it, once all of its inputs are known. */
export type PolicyStatement = pulumi.Unwrap<aws.iam.PolicyStatement>;

/** A policy document, as @pulumi/aws has it, once all of its inputs are known: ready for `JSON.stringify`. */
export type PolicyDocument = pulumi.Unwrap<aws.iam.PolicyDocument>;

/** Where a stack's resources live. */
export interface AwsScope {
  /** The partition: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** The region, for example `eu-central-1`. */
  readonly region: string;
  /** The account, twelve digits. */
  readonly accountId: string;
}

/**
 * Statements as a whole document.
 *
 * @param statements the statements
 */
export function policyDocument(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}
