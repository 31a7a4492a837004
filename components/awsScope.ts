import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getPartitionOutput } from "@pulumi/aws/getPartition.js";
import { getRegionOutput } from "@pulumi/aws/getRegion.js";
import type { Provider } from "@pulumi/aws/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { orReference } from "./orReference.ts";

/**
 * Reads from a component's provider where its resources live.
 *
 * @param parent the component
 */
export function awsScope(parent: pulumi.Resource): pulumi.Output<AwsScope> {
  return pulumi.output({
    partition: orReference(getPartitionOutput({}, { parent }).partition, "aws.partition"),
    region: orReference(getRegionOutput({}, { parent }).region, "aws.region"),
    accountId: orReference(getCallerIdentityOutput({}, { parent }).accountId, "aws.accountId"),
  });
}

/**
 * The region of a component's own provider or else of the stack's configuration.
 *
 * @param component the component
 * @returns the region; `undefined` if only AWS's own tools know it
 */
export function providerRegion(component: pulumi.ComponentResource): pulumi.Input<string | undefined> {
  const provider = component.getProvider("aws:sagemaker/endpoint:Endpoint") as Provider | undefined;
  return provider?.region ?? new pulumi.Config("aws").get("region");
}
