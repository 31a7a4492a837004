import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getPartitionOutput } from "@pulumi/aws/getPartition.js";
import { getRegionOutput } from "@pulumi/aws/getRegion.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";

/**
 * Reads from a component's provider where its resources live.
 *
 * @param parent the component
 */
export function awsScope(parent: pulumi.Resource): pulumi.Output<AwsScope> {
  return pulumi
    .all([getPartitionOutput({}, { parent }), getRegionOutput({}, { parent }), getCallerIdentityOutput({}, { parent })])
    .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));
}
