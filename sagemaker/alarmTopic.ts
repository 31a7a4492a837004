import { policyDocument, type AwsScope, type PolicyDocument, type PolicyStatement } from "./policyDocument.ts";

/** An AWS service that publishes to a topic. */
export interface Publisher {
  /** A readable name, letters only. */
  readonly sid: string;
  /** The service, for example `cloudwatch.amazonaws.com`. */
  readonly service: string;
  /** The ARN pattern of the service's resources that may publish. */
  readonly sourceArn: string;
}

/**
 * The topic's publishers: the endpoint's alarms and, if the stack has a budget, the account's budgets.
 * Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 *
 * @param scope where the endpoint lives
 * @param endpointName the endpoint's name, with which its alarms' names start
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
 * The topic's policy: who may publish to it and on behalf of what, and nobody without TLS.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html (Enforce encryption of data in transit)
 *
 * @param topicArn the topic's ARN
 * @param accountId the account on whose behalf they publish
 * @param allowed who may publish
 */
export function topicPolicy(topicArn: string, accountId: string, allowed: readonly Publisher[]): PolicyDocument {
  return policyDocument(...allowed.map((publisher) => allow(publisher, accountId, "sns:Publish", topicArn)), {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/**
 * The statements in the key's policy that let the topic's publishers use the key. The policy of `alias/aws/sns` doesn't
 * allow CloudWatch and can't be changed, so without the stack's own key a topic isn't encrypted by KMS.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 *
 * @param accountId the account on whose behalf they publish
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
