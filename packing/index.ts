/**
 * The check of a model repository and its packer, without Pulumi.
 *
 * @module sagemaker-triton/check
 */
export type { DamagedFile, ModelFile } from "../triton/models/modelFile.ts";
export type { ExternalData, OnnxFile, TensorInfo } from "../triton/models/onnx.ts";
export type { SavedModelFile, SavedModelSignature } from "../triton/models/savedModel.ts";
export type { TensorRtFile } from "../triton/models/tensorRt.ts";
export type { TorchFile } from "../triton/models/torch.ts";
export { checkModelRepository, type CheckOptions } from "../triton/repository/modelRepository.ts";
export type { Problem } from "../triton/repository/problem.ts";
export type { Severity } from "../triton/repository/problemCodes.ts";
export type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
export type { ServingPlace } from "../triton/rules/capacity.ts";
export { readModelFolder } from "./folder.ts";
export type { ModelArchive } from "./makeArchive.ts";
export { packModelRepository, readModelArchive } from "./modelArchive.ts";
export type { Progress, WorkOptions } from "./progress.ts";
