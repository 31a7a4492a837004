import { policyDocument, type AwsScope, type PolicyDocument, type PolicyStatement } from "./policyDocument.ts";

/** A service of AWS that tells a topic what happens. */
export interface Publisher {
  /** A name for people, letters only. */
  readonly sid: string;
  /** The service, for example `cloudwatch.amazonaws.com`. */
  readonly service: string;
  /** What of the service may publish. */
  readonly sourceArn: string;
}

/**
 * Who tells the topic: the endpoint's alarms, and the account's budgets where the stack has one.
 * Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 *
 * @param scope where the endpoint lives
 * @param endpointName the endpoint's name, which its alarms' names begin with
 * @param budget whether the stack has a budget
 */
export function publishers(scope: AwsScope, endpointName: string, budget: boolean): Publisher[] {
  const { partition, region, accountId } = scope;
  return [
    {
      sid: "Alarms",
      service: "cloudwatch.amazonaws.com",
      sourceArn: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${endpointName}-*`,
    },
    ...(budget
      ? [{ sid: "Budgets", service: "budgets.amazonaws.com", sourceArn: `arn:${partition}:budgets::${accountId}:*` }]
      : []),
  ];
}

/**
 * Who may publish to the topic, and for what.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 *
 * @param topicArn the topic's ARN
 * @param accountId the account that they publish for
 * @param allowed who may publish
 */
export function topicPolicy(topicArn: string, accountId: string, allowed: readonly Publisher[]): PolicyDocument {
  return policyDocument(...allowed.map((publisher) => allow(publisher, accountId, "sns:Publish", topicArn)));
}

/**
 * What the key that encrypts the topic lets its publishers do. The key `alias/aws/sns`, which nobody can change, lets
 * CloudWatch do nothing: a topic without a key of the stack's own is not encrypted by KMS.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 *
 * @param accountId the account that they publish for
 * @param allowed who may publish
 */
export function topicKeyStatements(accountId: string, allowed: readonly Publisher[]): PolicyStatement[] {
  return allowed.map((publisher) => allow(publisher, accountId, ["kms:Decrypt", "kms:GenerateDataKey*"], "*"));
}

function allow(
  { sid, service, sourceArn }: Publisher,
  accountId: string,
  action: PolicyStatement["Action"],
  resource: string,
): PolicyStatement {
  return {
    Sid: `Publish${sid}`,
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: resource,
    Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": sourceArn } },
  };
}
