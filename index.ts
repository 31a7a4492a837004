import * as pulumi from "@pulumi/pulumi";
import { loadModel, TritonEndpoint } from "./components/index.ts";
import { providerConnection } from "./releases/providerConnection.ts";
import { watchReleases } from "./releases/watchReleases.ts";
import { inferenceAmiVersionFor } from "./sagemaker/imageReleases.ts";
import { instanceAccelerator } from "./sagemaker/instanceTypes.ts";
import { serverEnvironment } from "./sagemaker/serverEnvironment.ts";
import { isSecretSetting, readSettings } from "./settings.ts";

const settings = readSettings();
const environment = serverEnvironment(settings);

const model = await loadModel(settings, {
  check: {
    defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
    additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
    accelerator: instanceAccelerator(settings.instanceType) === "gpu" ? "gpu" : "cpu",
  },
});

const endpoint = new TritonEndpoint("triton", {
  ...settings,
  model,
  endpointName: settings.endpointName ?? `${pulumi.getProject()}-${pulumi.getStack()}`,
  environment: isSecretSetting("environment") ? pulumi.secret(environment) : environment,
  image: settings.imageUri === undefined ? settings : { imageUri: settings.imageUri },
  variant: {
    ...settings,
    inferenceAmiVersion:
      settings.inferenceAmiVersion ?? inferenceAmiVersionFor(settings.imageTag, settings.instanceType),
  },
  releaseWatch: watchReleases("triton", await providerConnection()),
  tags: {
    CostEnv: settings.costEnv ?? pulumi.getStack(),
    CostService: settings.costService ?? pulumi.getProject(),
    ...settings.tags,
  },
});

export const endpointName = endpoint.server.endpoint.name;
export const endpointArn = endpoint.server.endpoint.arn;
export const endpointConfigName = endpoint.server.servedConfigurationName;
export const modelName = endpoint.server.model.name;
export const modelDataUrl = endpoint.modelDataUrl;
export const bucketName = endpoint.storage.bucket.bucket;
export const imageUri = endpoint.imageUri;
export const imageDigest = endpoint.registry?.upstreamDigest ?? "";
export const executionRoleArn = endpoint.role.arn;
