import { Key } from "@pulumi/aws/kms/key.js";
import * as pulumi from "@pulumi/pulumi";
import type { Publisher } from "../sagemaker/alarmTopic.ts";
import { keyPolicy } from "../sagemaker/encryption.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { isKept } from "./kept.ts";
import type { Tags } from "./tags.ts";

/** Arguments of EncryptionKey. */
export interface EncryptionKeyArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name: CloudWatch Logs may use the key for this endpoint's log group. */
  readonly endpointName: string;
  /** The names of further log groups that it encrypts. Default: none. */
  readonly logGroupNames?: readonly string[];
  /** The publishers to a topic that the key encrypts. Default: none, there is no topic. */
  readonly publishers?: (scope: AwsScope) => readonly Publisher[];
  /**
   * Whether the key stays in AWS when it is removed from the stack or the stack is destroyed, so that encrypted data
   * stays readable. Default: false.
   */
  readonly protect?: boolean;
  /** Whether to keep it because earlier releases are encrypted with it. Default: false. */
  readonly keepReleases?: boolean;
  /** Tags of the key. */
  readonly tags: Tags;
}

/**
 * The stack's own KMS key, rotated every year. Deletion takes 30 days, during which it can be cancelled: without the
 * key, nothing that it encrypted can be read.
 *
 * Costs about one dollar a month for the key, plus KMS requests.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** The key's ARN. */
  readonly arn: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:EncryptionKey", name, {}, opts);
    const logGroupNames = [...new Set([logGroupName(args.endpointName), ...(args.logGroupNames ?? [])])];
    const key = new Key(
      `${name}-key`,
      {
        description: `Encrypts what the endpoint ${args.endpointName} stores`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: args.scope.apply((scope) => JSON.stringify(keyPolicy(scope, logGroupNames, args.publishers?.(scope)))),
        tags: args.tags,
      },
      { parent: this, retainOnDelete: isKept(args) },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
