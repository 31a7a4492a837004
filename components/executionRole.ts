import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
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

/** The subnets and security groups of the endpoint's network interfaces. */
export interface VpcConfig {
  /** Ids of 1 to 16 subnets. */
  readonly subnets: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Ids of 1 to 5 security groups. */
  readonly securityGroupIds: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments of ExecutionRole. */
export interface ExecutionRoleArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name: the role may only write this endpoint's logs. */
  readonly endpointName: string;
  /** The models that the role may read. */
  readonly modelData: pulumi.Input<readonly ModelDataAccess[]>;
  /** Whether the program creates the endpoint's log group, so that the role doesn't need to. Default: false. */
  readonly logGroupExists?: boolean;
  /** The ECR repository that the role may pull from. */
  readonly repositoryArn: pulumi.Input<string>;
  /** The VPC, if the endpoint is in one. Default: none, and no network actions are allowed. */
  readonly vpcConfig?: VpcConfig;
  /** The alarms that roll a release back, which SageMaker reads as this role. Default: none. */
  readonly rollbackAlarmNames?: readonly string[];
  /** The key that encrypts what the endpoint stores. Default: none, and no key actions are allowed. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether the role and the permissions that an earlier release needs stay in AWS when they leave the stack. Default:
   * false.
   */
  readonly keepReleases?: boolean;
  /**
   * Whether a model was uploaded by others and may be encrypted with the key: the role may then keep using the key.
   * Default: false.
   */
  readonly readsOtherBuckets?: boolean;
  /** Further policies, by purpose. Default: none. */
  readonly policies?: Readonly<Record<string, pulumi.Output<PolicyDocument>>>;
  /** Tags of the role. */
  readonly tags: Tags;
}

/** The IAM role that SageMaker assumes to run the endpoint, with only the permissions that the endpoint needs. Free. */
export class ExecutionRole extends pulumi.ComponentResource {
  /** The role's ARN; resolves once every policy is attached, so that whatever uses the ARN has all permissions. */
  readonly arn: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ExecutionRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ExecutionRole", name, {}, opts);
    const { keepReleases = false } = args;

    const role = new Role(
      `${name}-role`,
      {
        description: `Assumed by SageMaker for the endpoint ${args.endpointName}`,
        assumeRolePolicy: args.scope.apply((scope) => JSON.stringify(trustPolicy(scope))),
        // Policies kept after leaving the stack would otherwise prevent the role's deletion.
        forceDetachPolicies: true,
        tags: args.tags,
      },
      { parent: this, retainOnDelete: keepReleases },
    );
    const attach = (purpose: string, document: pulumi.Output<PolicyDocument>, options?: pulumi.CustomResourceOptions) =>
      new RolePolicy(
        `${name}-${purpose}`,
        { role: role.name, policy: document.apply((policy) => JSON.stringify(policy)) },
        { parent: this, ...options },
      );
    // Instances of the earlier release may start until the new one is in service, or after a rollback: permissions are
    // added first and removed last.
    const addedTo = { replaceOnChanges: ["policy"] };
    // If releases are kept, the permissions that an earlier Model needs are never removed.
    const needed = { ...addedTo, retainOnDelete: keepReleases };
    // We don't know whether the key encrypts a model that others uploaded, so the role keeps its access.
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
                .all([args.scope, pulumi.output(vpcConfig)])
                .apply(([scope, { subnets, securityGroupIds }]) => vpcPolicy(scope, subnets, securityGroupIds)),
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
    // By URN, which a preview knows too: an additional policy doesn't cause a new Model.
    this.arn = pulumi.all([role.arn, pulumi.all(policies.map(({ urn }) => urn))]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
