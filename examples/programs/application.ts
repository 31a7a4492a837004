import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TritonEndpoint } from "sagemaker-triton";
import { packages } from "./application/packages.ts";

const endpoint = new TritonEndpoint("mean", { modelRepository: "models", instanceType: "ml.m5.large" });

const role = new aws.iam.Role("application", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});
new aws.iam.RolePolicy("application", {
  role: role.name,
  policy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sagemaker:InvokeEndpoint", Resource: endpoint.endpointArn }],
  },
});

const application = new aws.lambda.Function("application", {
  runtime: "nodejs22.x",
  handler: "handler.handler",
  role: role.arn,
  timeout: 30,
  environment: { variables: { ENDPOINT_NAME: endpoint.endpointName } },
  code: new pulumi.asset.AssetArchive({
    "handler.mjs": new pulumi.asset.FileAsset("application/handler.mjs"),
    ...Object.fromEntries(packages),
  }),
});

export const functionName = application.name;
