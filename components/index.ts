/**
 * `TritonEndpoint` and the components it is made of, `loadModel`, and `watchReleases`, which verifies its updates.
 *
 * @module sagemaker-triton
 */
export { AccessLogging, type AccessLoggingArgs } from "./accessLogging.ts";
export { Autoscaling, type AutoscalingArgs } from "./autoscaling.ts";
export { Budget, type BudgetArgs } from "./budget.ts";
export { EncryptionKey, type EncryptionKeyArgs } from "./encryptionKey.ts";
export { ExecutionRole, type ExecutionRoleArgs, type VpcConfig } from "./executionRole.ts";
export type { ExistingParts, ImageRepository, ModelBucket } from "./existingParts.ts";
export { ImageRegistry, type ImageRegistryArgs } from "./imageRegistry.ts";
export { loadModel } from "../packing/loadModel.ts";
export type {
  ArchivedModel,
  ModelArtifact,
  ModelFile,
  MultiModel,
  PrefixedModel,
  StoredModel,
} from "../packing/modelArtifact.ts";
export type { LoadModelOptions, ModelSource } from "../packing/modelSource.ts";
export { ModelServer, type ModelContainer, type ModelServerArgs, type ServedVariant } from "./modelServer.ts";
export { ModelStorage, type Expiration, type ModelStorageArgs } from "./modelStorage.ts";
export type { ModelData } from "./modelUpload.ts";
export { Monitoring, type MonitoringArgs } from "./monitoring.ts";
export { Rollout, type RolloutArgs } from "./rollout.ts";
export { Network, type NetworkArgs } from "./network.ts";
export type { Tags } from "./tags.ts";
export type { Transform, Transforms } from "./transforms.ts";
export { TritonEndpoint } from "./tritonEndpoint.ts";
export type { TritonEndpointArgs } from "./tritonEndpointArgs.ts";
export type * from "../endpoint/endpointArgs.ts";
export type { PackedLater, PendingModel, StoredLater } from "./pendingModel.ts";
export type { ResolvedVariant } from "./resolvedEndpoint.ts";
export type { AwsConnection, AwsCredentials, AwsIdentity } from "../releases/connection.ts";
export type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
export type { EarlierResource } from "../releases/earlierStack.ts";
export { providerConnection } from "../releases/providerConnection.ts";
export { watchReleases, type EndpointWatch, type ReleaseWatch } from "../releases/watchReleases.ts";
export type { Publisher } from "../sagemaker/alarmTopic.ts";
export type { AwsScope } from "../sagemaker/policyDocument.ts";
export type { ModelDataAccess } from "../sagemaker/rolePolicies.ts";
export type { MonitoredVariant } from "../sagemaker/variantAlarms.ts";
