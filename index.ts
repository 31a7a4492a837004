/**
 * The stack: an endpoint as described by the configuration. The exports are the stack's outputs.
 *
 * @module sagemaker-triton/stack
 */
import { TritonEndpoint } from "./components/index.ts";
import { providerConnection } from "./releases/providerConnection.ts";
import { watchReleases } from "./releases/watchReleases.ts";
import { argumentsOf } from "./endpoint/settings/argumentsOf.ts";
import { readSettings } from "./endpoint/settings/readSettings.ts";

const name = "triton";

const settings = readSettings(name);
const args = await argumentsOf(settings);
const { takeOver } = settings;
const releaseWatch = await watchReleases(name, await providerConnection(), { ...args, takeOver });
const endpoint = new TritonEndpoint(name, { ...args, releaseWatch });

export const endpointName = endpoint.server.endpoint.name;
export const endpointArn = endpoint.server.endpoint.arn;
export const endpointConfigName = endpoint.server.servedConfigurationName;
export const modelName = endpoint.modelName;
export const modelDataUrl = endpoint.modelDataUrl;
export const targetModels = endpoint.targetModels;
export const bucketName = endpoint.storage.bucket.bucket;
export const imageUri = endpoint.imageUri;
export const imageDigest = endpoint.registry?.upstreamDigest ?? "";
export const executionRoleArn = endpoint.executionRoleArn;
export const dashboardUrl = endpoint.monitoring?.dashboardUrl ?? "";
export const alarmTopicArn = endpoint.monitoring?.topicArn ?? "";
