import { stringify } from "yaml";

/** A resource's properties, in CloudFormation's words. */
export type Properties = Record<string, unknown>;

/** A template's resources, by logical id. */
export type Resources = Record<string, { Type: string; Properties?: Properties; DeletionPolicy?: string }>;

/** The account and region of the stacks. */
export const account = "123456789012";
export const region = "us-east-1";

/** A resource's attribute. */
export const getAtt = (logicalId: string, attribute: string) => ({ "Fn::GetAtt": [logicalId, attribute] });
const tags = [
  { Key: "CostEnv", Value: "production" },
  { Key: "CostService", Value: "recommendation" },
];

/** The original's resources, with names of their own, and all retained. */
export function base(name: string): Resources {
  const statement = (Action: unknown, Resource: unknown) => ({ Statement: [{ Effect: "Allow", Action, Resource }] });
  const resources: Resources = {
    Models: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketName: `${name}-models`,
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        },
        VersioningConfiguration: { Status: "Enabled" },
        Tags: tags,
      },
    },
    Images: { Type: "AWS::ECR::Repository", Properties: { RepositoryName: `${name}-images`, Tags: tags } },
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: `${name}-role`,
        AssumeRolePolicyDocument: statement("sts:AssumeRole", undefined),
        Policies: [
          { PolicyName: "All", PolicyDocument: statement(["sagemaker:*", "s3:*", "ecr:*", "logs:*", "kms:*"], "*") },
        ],
      },
    },
    Model: { Type: "AWS::SageMaker::Model", Properties: model(name) },
    Configuration: {
      Type: "AWS::SageMaker::EndpointConfig",
      Properties: { ProductionVariants: [variant("AllTraffic", getAtt("Model", "ModelName"))] },
    },
    Endpoint: {
      Type: "AWS::SageMaker::Endpoint",
      Properties: {
        EndpointName: `${name}-endpoint`,
        EndpointConfigName: getAtt("Configuration", "EndpointConfigName"),
        Tags: tags,
      },
    },
  };
  return retained(resources);
}

/** A Model with the image and the bucket of `base`. */
export function model(name: string, file = "model.tar.gz"): Properties {
  return {
    ExecutionRoleArn: getAtt("Role", "Arn"),
    PrimaryContainer: {
      Image: { "Fn::Sub": `\${Images.RepositoryUri}:23.10-py3` },
      ModelDataUrl: { "Fn::Join": ["/", ["s3:/", { Ref: "Models" }, `artifacts/${name}/${file}`]] },
      Environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
    },
  };
}

/** A variant of the usual size. */
export function variant(VariantName: string, ModelName: unknown, more: Properties = {}): Properties {
  return {
    VariantName,
    ModelName,
    InstanceType: "ml.m5.xlarge",
    InitialInstanceCount: 2,
    InitialVariantWeight: 1,
    ...more,
  };
}

/** The same resources, which stay when their stack is deleted. */
export function retained(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([key, one]) => [
      key,
      { ...one, DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" },
    ]),
  );
}

/** A template in YAML: that of `base`, changed. */
export function template(name: string, change: (resources: Resources) => Resources | undefined): string {
  const resources = base(name);
  const changed = change(resources) ?? resources;
  return stringify({ AWSTemplateFormatVersion: "2010-09-09", Resources: changed }, { aliasDuplicateObjects: false });
}

/** The properties of a resource, to change. */
export const properties = (resources: Resources, logicalId: string) => resources[logicalId]!.Properties!;
