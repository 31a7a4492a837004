import type { DescribeEndpointConfigOutput, DescribeModelOutput, ProductionVariant } from "@aws-sdk/client-sagemaker";
import { ask, type AwsClients } from "./connection.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import type { Served, ServedModel } from "./served.ts";

/**
 * Asks SageMaker for everything that an endpoint serves: its configurations, then their Models.
 *
 * @param clients the services
 * @param live the endpoint
 * @throws AwsError if a configuration or a Model can't be described, also because it is gone
 */
export async function describeServed({ sagemaker }: AwsClients, live: LiveEndpoint): Promise<Served> {
  const { DescribeEndpointConfigCommand, DescribeModelCommand } = await import("@aws-sdk/client-sagemaker");
  const names = (values: readonly (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  const endpointConfigNames = names([live.endpointConfigName, live.pendingConfigName]);
  const configurations = await Promise.all(
    endpointConfigNames.map((EndpointConfigName) =>
      ask(`DescribeEndpointConfig of ${EndpointConfigName}`, () =>
        sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
      ),
    ),
  );
  const models = await Promise.all(
    names(configurations.flatMap(variantsOf).map((variant) => variant.ModelName)).map((ModelName) =>
      ask(`DescribeModel of ${ModelName}`, () => sagemaker.send(new DescribeModelCommand({ ModelName }))),
    ),
  );
  return {
    endpointName: live.endpointName,
    endpointArn: live.endpointArn,
    endpointConfigNames,
    models: models.map(servedModel),
    kmsKeys: names(configurations.flatMap(kmsKeysOf)),
    writes: names(configurations.flatMap(writesOf)),
    alarmNames: live.alarmNames,
  };
}

function variantsOf(configuration: DescribeEndpointConfigOutput): ProductionVariant[] {
  return [...(configuration.ProductionVariants ?? []), ...(configuration.ShadowProductionVariants ?? [])];
}

function kmsKeysOf(configuration: DescribeEndpointConfigOutput): (string | undefined)[] {
  return [
    configuration.KmsKeyId,
    configuration.DataCaptureConfig?.KmsKeyId,
    configuration.AsyncInferenceConfig?.OutputConfig?.KmsKeyId,
    ...variantsOf(configuration).map(({ CoreDumpConfig }) => CoreDumpConfig?.KmsKeyId),
  ];
}

function writesOf(configuration: DescribeEndpointConfigOutput): (string | undefined)[] {
  const { S3OutputPath, S3FailurePath } = configuration.AsyncInferenceConfig?.OutputConfig ?? {};
  return [
    configuration.DataCaptureConfig?.DestinationS3Uri,
    S3OutputPath,
    S3FailurePath,
    ...variantsOf(configuration).map(({ CoreDumpConfig }) => CoreDumpConfig?.DestinationS3Uri),
  ];
}

function servedModel(model: DescribeModelOutput): ServedModel {
  const { PrimaryContainer, Containers = [] } = model;
  const containers = [...(PrimaryContainer ? [PrimaryContainer] : []), ...Containers];
  return {
    modelName: model.ModelName ?? "",
    roleArn: model.ExecutionRoleArn ?? "",
    images: containers.flatMap(({ Image }) => Image ?? []),
    modelData: containers.flatMap(({ ModelDataUrl, ModelDataSource, AdditionalModelDataSources = [] }) => [
      ...(ModelDataUrl === undefined ? [] : [ModelDataUrl]),
      ...[ModelDataSource, ...AdditionalModelDataSources].flatMap((source) => source?.S3DataSource?.S3Uri ?? []),
    ]),
    multiModel: containers.some(({ Mode }) => Mode === "MultiModel"),
    securityGroupIds: model.VpcConfig?.SecurityGroupIds ?? [],
  };
}
