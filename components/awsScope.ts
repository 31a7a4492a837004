import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsScope } from "../sagemaker/policyDocument.ts";

/**
 * Reads from a component's provider where its resources live.
 *
 * @param parent the component
 */
export function awsScope(parent: pulumi.Resource): pulumi.Output<AwsScope> {
  return pulumi
    .all([
      aws.getPartitionOutput({}, { parent }),
      aws.getRegionOutput({}, { parent }),
      aws.getCallerIdentityOutput({}, { parent }),
    ])
    .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));
}
