import * as aws from "@pulumi/aws";
import { TritonEndpoint } from "sagemaker-triton";

// Nothing in this VPC reaches the internet. The endpoint's instances fetch the model through a gateway endpoint to S3,
// which TritonEndpoint creates in the route table, together with a security group that allows nothing else.
const vpc = new aws.ec2.Vpc("models", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const routeTable = new aws.ec2.RouteTable("models", { vpcId: vpc.id });
const zones = aws.getAvailabilityZonesOutput({ state: "available" });
const subnets = [0, 1].map((index) => {
  const subnet = new aws.ec2.Subnet(`models-${index}`, {
    vpcId: vpc.id,
    cidrBlock: `10.0.${index}.0/24`,
    availabilityZone: zones.names[index],
  });
  new aws.ec2.RouteTableAssociation(`models-${index}`, { subnetId: subnet.id, routeTableId: routeTable.id });
  return subnet;
});

const endpoint = new TritonEndpoint("mean", {
  modelRepository: "models",
  instanceType: "ml.m5.large",
  initialInstanceCount: subnets.length,
  vpcConfig: {
    vpcId: vpc.id,
    subnets: subnets.map(({ id }) => id),
    routeTableIds: [routeTable.id],
  },
});

export const { endpointName } = endpoint;
