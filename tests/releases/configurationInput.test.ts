import { expect } from "chai";
import { configurationInput } from "../../releases/configurationInput.ts";

describe("a configuration that is created again", () => {
  it("has AWS's names, and nothing that the provider only computed", () => {
    const outputs = {
      id: "served",
      arn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/served",
      name: "served",
      namePrefix: "",
      region: "us-east-1",
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
      tags: { CostEnv: "prod" },
      tagsAll: { CostEnv: "prod" },
      productionVariants: [
        {
          variantName: "AllTraffic",
          modelName: "model",
          instanceType: "ml.g5.xlarge",
          initialInstanceCount: 2,
          initialVariantWeight: 0,
          acceleratorType: "",
          volumeSizeInGb: 64,
          enableSsmAccess: false,
          routingConfigs: [{ routingStrategy: "RANDOM" }],
          coreDumpConfig: null,
          serverlessConfig: undefined,
        },
      ],
      shadowProductionVariants: [],
      dataCaptureConfig: {
        initialSamplingPercentage: 0,
        destinationS3Uri: "s3://models/capture",
        kmsKeyId: "",
        captureOptions: [{ captureMode: "Input" }],
      },
    };
    expect(configurationInput(outputs)).to.deep.equal({
      EndpointConfigName: "served",
      KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1",
      Tags: [{ Key: "CostEnv", Value: "prod" }],
      ProductionVariants: [
        {
          VariantName: "AllTraffic",
          ModelName: "model",
          InstanceType: "ml.g5.xlarge",
          InitialInstanceCount: 2,
          InitialVariantWeight: 0,
          VolumeSizeInGB: 64,
          EnableSSMAccess: false,
          RoutingConfig: { RoutingStrategy: "RANDOM" },
        },
      ],
      DataCaptureConfig: {
        InitialSamplingPercentage: 0,
        DestinationS3Uri: "s3://models/capture",
        CaptureOptions: [{ CaptureMode: "Input" }],
      },
    });
  });
});
