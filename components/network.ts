import { getManagedPrefixListOutput } from "@pulumi/aws/ec2/getManagedPrefixList.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { VpcEndpointRouteTableAssociation } from "@pulumi/aws/ec2/vpcEndpointRouteTableAssociation.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { s3EndpointPolicy } from "../sagemaker/resourcePolicies.ts";
import type { VpcConfig } from "./executionRole.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Network. */
export interface NetworkArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The VPC's id. */
  readonly vpcId: pulumi.Input<string>;
  /** Ids of 1 to 16 subnets of the VPC. */
  readonly subnets: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Ids of the route tables to add an S3 gateway endpoint to. Default: none, the subnets can already reach S3. */
  readonly routeTableIds?: readonly pulumi.Input<string>[];
  /** The buckets that may be reached through it: the stack's own, and those with models. */
  readonly bucketArns: pulumi.Input<readonly string[]>;
  /**
   * Whether the security group stays in AWS when it leaves the stack, because earlier releases need it. Default: false.
   */
  readonly keepReleases?: boolean;
  /** Tags of the security group and of the VPC endpoint. */
  readonly tags: Tags;
}

/**
 * A security group for the endpoint's network interfaces, without ingress and with egress only for HTTPS to S3.
 * SageMaker needs nothing else in the VPC, through which it downloads the model; image, logs and metrics use
 * SageMaker's own network.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 *
 * Free; a gateway endpoint to S3 is free, too.
 */
export class Network extends pulumi.ComponentResource {
  /** The subnets and the security group, for the model and the role. */
  readonly vpcConfig: VpcConfig;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Network", name, {}, opts);
    const child = { parent: this };
    const kept = { ...child, retainOnDelete: args.keepReleases ?? false };
    const serviceName = args.scope.apply(({ region }) => `com.amazonaws.${region}.s3`);
    const gateway =
      args.routeTableIds &&
      new VpcEndpoint(
        `${name}-s3`,
        {
          vpcId: args.vpcId,
          serviceName,
          vpcEndpointType: "Gateway",
          policy: pulumi.output(args.bucketArns).apply((arns) => JSON.stringify(s3EndpointPolicy(arns))),
          tags: args.tags,
        },
        child,
      );
    // Each is a separate resource, so that a new route table gets its route before an earlier one loses it.
    const ways =
      gateway &&
      args.routeTableIds.map(
        (routeTableId, index) =>
          new VpcEndpointRouteTableAssociation(
            `${name}-s3-${typeof routeTableId === "string" ? routeTableId : index}`,
            { routeTableId, vpcEndpointId: gateway.id },
            child,
          ),
      );
    const group = new SecurityGroup(
      `${name}-group`,
      { vpcId: args.vpcId, description: "The endpoint's interfaces: nothing in, HTTPS to S3 out", tags: args.tags },
      kept,
    );
    const rule = new SecurityGroupEgressRule(
      `${name}-to-s3`,
      {
        securityGroupId: group.id,
        description: "The model is fetched from S3",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        prefixListId: getManagedPrefixListOutput({ name: serviceName }, child).id,
        tags: args.tags,
      },
      kept,
    );
    // The group resolves once its egress rule and, if created here, the gateway endpoint exist, so that its users can
    // download the model.
    const ready = pulumi.all([group.id, pulumi.all([rule, ...(ways ?? [])].map(({ urn }) => urn))]).apply(([id]) => id);
    this.vpcConfig = { subnets: args.subnets, securityGroupIds: [ready] };
    this.registerOutputs({ securityGroupId: group.id });
  }
}
