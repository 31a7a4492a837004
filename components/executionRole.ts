import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyUsePolicy } from "../sagemaker/encryption.ts";
import type { AwsScope, PolicyDocument } from "../sagemaker/policyDocument.ts";
import {
  imagePolicy,
  modelDataPolicy,
  observabilityPolicy,
  rollbackPolicy,
  trustPolicy,
  vpcPolicy,
  type ModelDataAccess,
} from "../sagemaker/rolePolicies.ts";
import type { Tags } from "./tags.ts";

/** The subnets and security groups that the endpoint's network interfaces are placed in. */
export interface VpcConfig {
  /** Ids of 1 to 16 subnets. */
  readonly subnets: readonly string[];
  /** Ids of 1 to 5 security groups. */
  readonly securityGroupIds: readonly pulumi.Input<string>[];
}

/** What an ExecutionRole is made from. */
export interface ExecutionRoleArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name: the role may write this endpoint's logs only. */
  readonly endpointName: string;
  /** The models that the role may read. */
  readonly modelData: pulumi.Input<readonly ModelDataAccess[]>;
  /** Whether the endpoint's log group is made ahead, so that the role need not make it. Default: false. */
  readonly logGroupExists?: boolean;
  /** The ECR repository that the role may pull from. */
  readonly repositoryArn: pulumi.Input<string>;
  /** The VPC, where the endpoint is in one. Default: none, and no action on networks. */
  readonly vpcConfig?: VpcConfig;
  /** The alarms that take a release back, which SageMaker looks at as this role. Default: none. */
  readonly rollbackAlarmNames?: readonly string[];
  /** The key that encrypts what the endpoint stores. Default: none, and no action on keys. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether the role, and what an earlier release needs of it, stay in AWS when they leave the stack. Default: false. */
  readonly keepReleases?: boolean;
  /** Whether a model was uploaded by others, maybe encrypted with the key: the role keeps its use. Default: false. */
  readonly readsOtherBuckets?: boolean;
  /** What the role may do beyond that, by purpose. Default: nothing. */
  readonly policies?: Readonly<Record<string, pulumi.Output<PolicyDocument>>>;
  /** Tags of the role. */
  readonly tags: Tags;
}

/** The IAM role that SageMaker assumes to run the endpoint; it may do what the endpoint needs and nothing else. Free. */
export class ExecutionRole extends pulumi.ComponentResource {
  /** The role's ARN; resolves once every policy is attached, so that whoever has it can use the role. */
  readonly arn: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ExecutionRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ExecutionRole", name, {}, opts);
    const { keepReleases = false } = args;

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Assumed by SageMaker for the endpoint ${args.endpointName}`,
        assumeRolePolicy: args.scope.apply((scope) => JSON.stringify(trustPolicy(scope))),
        // Policies that were kept when the stack let them go would be in the way of deleting the role.
        forceDetachPolicies: true,
        tags: args.tags,
      },
      { parent: this, retainOnDelete: keepReleases },
    );
    const attach = (purpose: string, document: pulumi.Output<PolicyDocument>, options?: pulumi.CustomResourceOptions) =>
      new aws.iam.RolePolicy(
        `${name}-${purpose}`,
        { role: role.name, policy: document.apply((policy) => JSON.stringify(policy)) },
        { parent: this, ...options },
      );
    // Instances of the earlier release may start until the new one serves, and after it was taken back: what they need is
    // added to, and taken away last.
    const addedTo = { replaceOnChanges: ["policy"] };
    // What an earlier Model needs to serve again is not taken away at all where releases are kept.
    const needed = { ...addedTo, retainOnDelete: keepReleases };
    // Whether the key encrypts a model that was uploaded by others, nobody here knows: the role can go on reading it.
    const neededKey = { ...addedTo, retainOnDelete: keepReleases || (args.readsOtherBuckets ?? false) };
    const { vpcConfig, kmsKeyArn, rollbackAlarmNames } = args;
    const policies = [
      attach(
        "model-data",
        pulumi.output(args.modelData).apply((accesses) => modelDataPolicy(accesses)),
        needed,
      ),
      attach("image", pulumi.output(args.repositoryArn).apply(imagePolicy), needed),
      attach(
        "observability",
        args.scope.apply((scope) => observabilityPolicy(scope, args.endpointName, args.logGroupExists)),
        addedTo,
      ),
      ...(vpcConfig
        ? [
            attach(
              "vpc",
              pulumi
                .all([args.scope, pulumi.all([...vpcConfig.securityGroupIds])])
                .apply(([scope, groups]) => vpcPolicy(scope, vpcConfig.subnets, groups)),
              needed,
            ),
          ]
        : []),
      ...(rollbackAlarmNames
        ? [
            attach(
              "rollback",
              args.scope.apply((scope) => rollbackPolicy(scope, rollbackAlarmNames)),
            ),
          ]
        : []),
      ...Object.entries(args.policies ?? {}).map(([purpose, document]) => attach(purpose, document, addedTo)),
      ...(kmsKeyArn === undefined
        ? []
        : [
            attach(
              "key",
              pulumi.all([kmsKeyArn, args.scope]).apply(([keyArn, scope]) => keyUsePolicy(keyArn, scope)),
              neededKey,
            ),
          ]),
    ];
    // By their URNs, which a preview knows, too: a policy more is no new Model.
    this.arn = pulumi.all([role.arn, pulumi.all(policies.map(({ urn }) => urn))]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
