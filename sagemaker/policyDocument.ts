/** One statement of a policy document. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface PolicyStatement {
  /** A name for people, letters and digits only. */
  readonly Sid?: string;
  /** Whether the statement allows or denies. */
  readonly Effect: "Allow" | "Deny";
  /** Who; in resource policies and trust policies only. */
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  /** The actions. */
  readonly Action: string | readonly string[];
  /** What they act on; absent in trust policies only. */
  readonly Resource?: string | readonly string[];
  /** When. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document, ready for `JSON.stringify`. */
export interface PolicyDocument {
  /** The version of the policy language. */
  readonly Version: "2012-10-17";
  /** The statements. */
  readonly Statement: readonly PolicyStatement[];
}

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
