export { Autoscaling, type AutoscalingArgs } from "./autoscaling.ts";
export { EncryptionKey, type EncryptionKeyArgs } from "./encryptionKey.ts";
export { ExecutionRole, type ExecutionRoleArgs, type VpcConfig } from "./executionRole.ts";
export { ImageRegistry, type ImageRegistryArgs } from "./imageRegistry.ts";
export { loadModel, type LoadModelOptions, type ModelSource } from "./loadModel.ts";
export type { ArchivedModel, ModelArtifact, ModelFile, PrefixedModel, StoredModel } from "./modelArtifact.ts";
export { ModelServer, type ModelServerArgs, type ProductionVariant } from "./modelServer.ts";
export { ModelStorage, type ModelData, type ModelStorageArgs } from "./modelStorage.ts";
export { Rollout, type RolloutArgs } from "./rollout.ts";
export { Network, type NetworkArgs } from "./network.ts";
export type { Tags } from "./tags.ts";
export {
  TritonEndpoint,
  type CopiedImage,
  type ExistingImage,
  type EndpointVpcConfig,
  type TritonEndpointArgs,
} from "./tritonEndpoint.ts";
