export { ExecutionRole, type ExecutionRoleArgs, type VpcConfig } from "./executionRole.ts";
export { ImageRegistry, type ImageRegistryArgs } from "./imageRegistry.ts";
export { loadModel, type LoadModelOptions, type ModelSource } from "./loadModel.ts";
export type { ArchivedModel, ModelArtifact, ModelFile, PrefixedModel, StoredModel } from "./modelArtifact.ts";
export { ModelServer, type ModelServerArgs, type ProductionVariant } from "./modelServer.ts";
export { ModelStorage, type ModelData, type ModelStorageArgs } from "./modelStorage.ts";
export type { Tags } from "./tags.ts";
export { TritonEndpoint, type CopiedImage, type ExistingImage, type TritonEndpointArgs } from "./tritonEndpoint.ts";
