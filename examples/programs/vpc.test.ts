import assert from "node:assert/strict";
import { test } from "node:test";
import { planned } from "./planned.ts";

test("the endpoint is in the VPC's subnets, and reaches S3 alone", async () => {
  const inputs = await planned(() => import("./vpc.ts"));
  const { vpcConfig } = inputs.get("aws:sagemaker/model:Model::mean-server-model") ?? {};
  assert.deepEqual(vpcConfig, {
    subnets: ["${models-0.id}", "${models-1.id}"],
    securityGroupIds: ["${mean-network-group.id}"],
  });
  const gateways = [...inputs].filter(([key]) => key.startsWith("aws:ec2/vpcEndpoint:"));
  assert.deepEqual(
    gateways.map(([, { vpcId, vpcEndpointType }]) => [vpcId, vpcEndpointType]),
    [["${models.id}", "Gateway"]],
  );
});
