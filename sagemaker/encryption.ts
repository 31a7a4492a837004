import { createHash } from "node:crypto";
import { topicKeyStatements, type Publisher } from "./alarmTopic.ts";
import { policyDocument, type AwsScope, type PolicyDocument } from "./policyDocument.ts";

/** A KMS key's ARN: `arn:<partition>:kms:<region>:<account>:key/<id>`. */
export const kmsKeyArnPattern = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/;

/**
 * The policy of the stack's own key. It may be used by the account through IAM, by CloudWatch Logs for the stack's
 * log groups only, and by the publishers to a topic that it encrypts.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 *
 * @param scope where the endpoint lives
 * @param logGroupNames the log groups that it encrypts, at least one
 * @param publishers the publishers to a topic that the key encrypts; empty without one
 */
export function keyPolicy(
  scope: AwsScope,
  logGroupNames: readonly string[],
  publishers: readonly Publisher[] = [],
): PolicyDocument {
  const [first, ...others] = logGroupNames.map(
    (logGroupName) => `arn:${scope.partition}:logs:${scope.region}:${scope.accountId}:log-group:${logGroupName}`,
  );
  return policyDocument(
    {
      Sid: "LetIamDecide",
      Effect: "Allow",
      Principal: { AWS: `arn:${scope.partition}:iam::${scope.accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "EncryptLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${scope.region}.amazonaws.com` },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": others.length === 0 ? (first ?? "") : [first ?? "", ...others],
        },
      },
    },
    ...topicKeyStatements(scope.accountId, publishers),
  );
}

/**
 * Allows the execution role to use the key for objects in S3, and to let EBS use it for the instances' volumes.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (kms:ViaService, kms:GrantIsForAWSResource)
 *
 * @param keyArn the key's ARN
 * @param scope where the endpoint lives
 */
export function keyUsePolicy(keyArn: string, scope: AwsScope): PolicyDocument {
  return policyDocument(
    {
      Sid: "UseKeyThroughS3",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${scope.region}.amazonaws.com` } },
    },
    { Sid: "KnowKey", Effect: "Allow", Action: "kms:DescribeKey", Resource: keyArn },
    {
      Sid: "EncryptVolumes",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}

/**
 * The prefix of models' keys in S3, different for each KMS key; ends in `/`. Another key makes a model another object,
 * to which the endpoint moves; the one in service stays unchanged and readable until then.
 *
 * @param kmsKeyArn the KMS key that encrypts them. Default: S3's own keys
 * @param start the prefix of all models. Default: that of a bucket for one endpoint
 */
export function modelPrefix(kmsKeyArn?: string, start = "artifacts/"): string {
  if (kmsKeyArn === undefined) return start;
  return `${start}kms-${createHash("sha256").update(kmsKeyArn).digest("hex").slice(0, 8)}/`;
}
