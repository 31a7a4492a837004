import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Publisher } from "../sagemaker/alarmTopic.ts";
import { keyPolicy } from "../sagemaker/encryption.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { isKept } from "./kept.ts";
import type { Tags } from "./tags.ts";

/** What an EncryptionKey is made from. */
export interface EncryptionKeyArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name: CloudWatch Logs may use the key for this endpoint's log group. */
  readonly endpointName: string;
  /** Who tells a topic that the key encrypts. Default: nobody, there is none. */
  readonly publishers?: (scope: AwsScope) => readonly Publisher[];
  /** Whether the key stays in AWS when it is taken out or destroyed: what it encrypted stays readable. Default: false. */
  readonly protect?: boolean;
  /** Whether it stays so because earlier releases are encrypted with it. Default: false. */
  readonly keepReleases?: boolean;
  /** Tags of the key. */
  readonly tags: Tags;
}

/**
 * A KMS key of the stack's own, rotated every year. Deleting it takes 30 days, in which it can be brought back: without
 * the key, nothing that it encrypted can be read.
 *
 * Costs what KMS charges for a key, about one dollar a month, and its requests.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** The key's ARN. */
  readonly arn: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:EncryptionKey", name, {}, opts);
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Encrypts what the endpoint ${args.endpointName} stores`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: args.scope.apply((scope) =>
          JSON.stringify(keyPolicy(scope, args.endpointName, args.publishers?.(scope))),
        ),
        tags: args.tags,
      },
      { parent: this, retainOnDelete: isKept(args) },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
