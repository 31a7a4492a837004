import { readFileSync } from "node:fs";
import { parse } from "yaml";
import {
  base,
  getAtt,
  model,
  properties,
  region,
  retained,
  template,
  variant,
  type Resources,
} from "./templateParts.ts";

export { account, region } from "./templateParts.ts";

const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const securityGroupIds = ["sg-01234567"];

/** The template that people run today, as they wrote it: not everything is retained. */
export const original = readFileSync(new URL("original.yaml", import.meta.url), "utf8").replaceAll(
  "ap-northeast-1",
  region,
);

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
