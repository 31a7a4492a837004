import * as pulumi from "@pulumi/pulumi";
import { TritonEndpoint } from "./components/index.ts";
import { providerConnection } from "./releases/providerConnection.ts";
import { watchReleases } from "./releases/watchReleases.ts";
import { readSettings } from "./settings.ts";
import { stackVariants } from "./variants.ts";

const settings = readSettings();

const endpoint = new TritonEndpoint("triton", {
  ...settings,
  ...(await stackVariants(settings)),
  endpointName: settings.endpointName ?? `${pulumi.getProject()}-${pulumi.getStack()}`,
  image: settings.imageUri === undefined ? settings : { imageUri: settings.imageUri },
  releaseWatch: await watchReleases("triton", await providerConnection()),
  tags: {
    CostEnv: settings.costEnv ?? pulumi.getStack(),
    CostService: settings.costService ?? pulumi.getProject(),
    ...settings.tags,
  },
});

export const endpointName = endpoint.server.endpoint.name;
export const endpointArn = endpoint.server.endpoint.arn;
export const endpointConfigName = endpoint.server.servedConfigurationName;
export const modelName = endpoint.modelName;
export const modelDataUrl = endpoint.modelDataUrl;
export const targetModels = endpoint.targetModels;
export const bucketName = endpoint.storage.bucket.bucket;
export const imageUri = endpoint.imageUri;
export const imageDigest = endpoint.registry?.upstreamDigest ?? "";
export const executionRoleArn = endpoint.role.arn;
export const dashboardUrl = endpoint.monitoring?.dashboardUrl ?? "";
export const alarmTopicArn = endpoint.monitoring?.topicArn ?? "";
