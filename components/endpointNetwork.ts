import * as pulumi from "@pulumi/pulumi";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import type { VpcConfig } from "./executionRole.ts";
import type { ModelStorage } from "./modelStorage.ts";
import { Network } from "./network.ts";
import type { ResolvedEndpoint } from "./resolvedEndpoint.ts";

/** What an endpoint's network needs from its other components. */
interface NetworkSurroundings {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The buckets with the models. */
  readonly storage: ModelStorage;
  /** The endpoint in service; absent if there is none. */
  readonly earlier: EarlierEndpoint | undefined;
}

/**
 * The subnets and security groups of an endpoint. Registers a security group if the arguments name none.
 *
 * @param name the endpoint component's name
 * @param args the endpoint's arguments
 * @param surroundings what it needs from the endpoint's other components
 * @param parent the endpoint component
 * @returns the model's `vpcConfig`; `undefined` if the endpoint isn't in a VPC
 */
export function endpointNetwork(
  name: string,
  { vpcConfig, keepReleases, tags }: ResolvedEndpoint,
  { scope, storage, earlier }: NetworkSurroundings,
  parent: pulumi.Resource,
): VpcConfig | undefined {
  if (!vpcConfig) return undefined;
  const { subnets, securityGroupIds, vpcId = "", routeTableIds } = vpcConfig;
  if (securityGroupIds) return { subnets, securityGroupIds };
  const bucketArns = pulumi.all([storage.bucket.arn, storage.access]).apply(([own, accesses]) => [
    // The release in service needs its buckets until the update is complete, so they stay reachable.
    ...new Set([...(earlier?.reachedBuckets ?? []), own, ...accesses.map(({ bucketArn }) => bucketArn)]),
  ]);
  const network = { scope, vpcId, subnets, routeTableIds, bucketArns, keepReleases, tags };
  return new Network(`${name}-network`, network, { parent }).vpcConfig;
}
