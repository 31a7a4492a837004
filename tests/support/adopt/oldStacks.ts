import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

type Properties = Record<string, unknown>;
type Resources = Record<string, { Type: string; Properties?: Properties; DeletionPolicy?: string }>;

/** The account and region of the stacks. */
export const account = "123456789012";
export const region = "us-east-1";

/** The template that people run today, as they wrote it: not everything is retained. */
export const original = readFileSync(new URL("original.yaml", import.meta.url), "utf8").replaceAll(
  "ap-northeast-1",
  region,
);

const getAtt = (logicalId: string, attribute: string) => ({ "Fn::GetAtt": [logicalId, attribute] });
const tags = [
  { Key: "CostEnv", Value: "production" },
  { Key: "CostService", Value: "recommendation" },
];
const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const securityGroupIds = ["sg-01234567"];

/** The original's resources, with names of their own, and all retained. */
function base(name: string): Resources {
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

function model(name: string, file = "model.tar.gz"): Properties {
  return {
    ExecutionRoleArn: getAtt("Role", "Arn"),
    PrimaryContainer: {
      Image: { "Fn::Sub": `\${Images.RepositoryUri}:23.10-py3` },
      ModelDataUrl: { "Fn::Join": ["/", ["s3:/", { Ref: "Models" }, `artifacts/${name}/${file}`]] },
      Environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
    },
  };
}

function variant(VariantName: string, ModelName: unknown, more: Properties = {}): Properties {
  return {
    VariantName,
    ModelName,
    InstanceType: "ml.m5.xlarge",
    InitialInstanceCount: 2,
    InitialVariantWeight: 1,
    ...more,
  };
}

function retained(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([key, one]) => [
      key,
      { ...one, DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" },
    ]),
  );
}

/** The same template with `DeletionPolicy: Retain` on everything. */
function withRetain(template: string): string {
  const whole = parse(template, { logLevel: "silent" }) as { Resources: Resources };
  let text = template;
  for (const logicalId of Object.keys(whole.Resources)) {
    text = text.replace(
      new RegExp(`^  ${logicalId}:\n(?!    Type.*\n    DeletionPolicy)`, "m"),
      `$&    DeletionPolicy: Retain\n`,
    );
  }
  return text;
}

function template(name: string, change: (resources: Resources) => Resources | undefined): string {
  const resources = base(name);
  const changed = change(resources) ?? resources;
  return stringify({ AWSTemplateFormatVersion: "2010-09-09", Resources: changed }, { aliasDuplicateObjects: false });
}

const properties = (resources: Resources, logicalId: string) => resources[logicalId]!.Properties!;

/** Templates of endpoints of many kinds, which can be taken over, by kind. */
export const oldTemplates: Readonly<Record<string, string>> = {
  "the original": withRetain(original),
  "with a VPC": template("vpc", (resources) => {
    properties(resources, "Model").VpcConfig = { Subnets: subnets, SecurityGroupIds: securityGroupIds };
  }),
  "with a KMS key": template("kms", (resources) => {
    const key = {
      Type: "AWS::KMS::Key",
      Properties: {
        KeyPolicy: {
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } },
              Action: "kms:*",
              Resource: "*",
            },
          ],
        },
      },
    };
    const encryption = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: getAtt("Key", "Arn") };
    properties(resources, "Models").BucketEncryption = {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: encryption }],
    };
    properties(resources, "Images").EncryptionConfiguration = { EncryptionType: "KMS", KmsKey: getAtt("Key", "Arn") };
    properties(resources, "Configuration").KmsKeyId = getAtt("Key", "Arn");
    return { ...retained({ Key: key }), ...resources };
  }),
  "with autoscaling": template("scaled", (resources) => ({
    ...resources,
    ...retained({
      Target: {
        Type: "AWS::ApplicationAutoScaling::ScalableTarget",
        Properties: {
          ServiceNamespace: "sagemaker",
          ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
          ResourceId: { "Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/AllTraffic" },
          MinCapacity: 2,
          MaxCapacity: 6,
        },
      },
      Policy: {
        Type: "AWS::ApplicationAutoScaling::ScalingPolicy",
        Properties: {
          PolicyName: "their-policy",
          PolicyType: "TargetTrackingScaling",
          ScalingTargetId: { Ref: "Target" },
          TargetTrackingScalingPolicyConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
            TargetValue: 70,
            ScaleInCooldown: 600,
          },
        },
      },
    }),
  })),
  asynchronous: template("queued", (resources) => {
    properties(resources, "Configuration").AsyncInferenceConfig = {
      OutputConfig: { S3OutputPath: { "Fn::Sub": "s3://${Models}/answers" } },
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
    };
  }),
  "with two variants": template("variants", (resources) => {
    properties(resources, "Configuration").ProductionVariants = [
      variant("Blue", getAtt("Model", "ModelName"), { InitialVariantWeight: 3 }),
      variant("Green", getAtt("Other", "ModelName"), { InstanceType: "ml.c5.xlarge" }),
    ];
    const other = { Type: "AWS::SageMaker::Model", Properties: model("variants", "other.tar.gz") };
    return { ...resources, ...retained({ Other: other }) };
  }),
  "with data capture": template("captured", (resources) => {
    properties(resources, "Configuration").DataCaptureConfig = {
      EnableCapture: true,
      InitialSamplingPercentage: 20,
      DestinationS3Uri: { "Fn::Sub": "s3://${Models}/captured" },
      CaptureOptions: [{ CaptureMode: "Input" }],
    };
  }),
  "of CDK": cdk(),
};

/** What `cdk synth` writes: JSON, names made up by CloudFormation, policies apart from the role. */
function cdk(): string {
  const resources = base("cdk");
  for (const [logicalId, name] of [
    ["Models", "BucketName"],
    ["Images", "RepositoryName"],
    ["Role", "RoleName"],
  ] as const) {
    Reflect.deleteProperty(properties(resources, logicalId), name);
  }
  Reflect.deleteProperty(properties(resources, "Role"), "Policies");
  const whole = {
    Resources: {
      ...resources,
      RoleDefaultPolicy5FFB7DAB: {
        Type: "AWS::IAM::Policy",
        Properties: {
          PolicyName: "RoleDefaultPolicy5FFB7DAB",
          PolicyDocument: {
            Statement: [{ Effect: "Allow", Action: ["s3:GetObject*", "s3:List*", "ecr:*"], Resource: "*" }],
          },
          Roles: [{ Ref: "Role" }],
        },
      },
      CDKMetadata: {
        Type: "AWS::CDK::Metadata",
        Properties: { Analytics: "v2:deflate64:H4sIAAAA" },
        Condition: "CDKMetadataAvailable",
      },
    },
    Conditions: {
      CDKMetadataAvailable: {
        "Fn::Or": [
          { "Fn::Equals": [{ Ref: "AWS::Region" }, "af-south-1"] },
          { "Fn::Equals": [{ Ref: "AWS::Region" }, region] },
        ],
      },
    },
    Parameters: {
      BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" },
    },
  };
  return JSON.stringify(whole, undefined, 1);
}

/** The names that CloudFormation made up, by logical id, as of a deployed stack. */
export const deployedNames: Readonly<Record<string, string>> = {
  Models: "cdkstack-models-1a2b3c4d5e6f",
  Images: "cdkstack-images-1a2b3c4d5e6f",
  Role: "CdkStack-Role-1A2B3C4D5E6F",
  Key: "12345678-90ab-cdef-1234-567890abcdef",
};
