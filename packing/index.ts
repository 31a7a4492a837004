/**
 * The check of a model repository and its packer, without Pulumi.
 *
 * @module sagemaker-triton/check
 */
export type { DamagedFile, ModelFile } from "../triton/modelFiles/modelFile.ts";
export type { ExternalData, OnnxFile, TensorInfo } from "../triton/modelFiles/onnx.ts";
export type { SavedModelFile, SavedModelSignature } from "../triton/modelFiles/savedModel.ts";
export type { TensorRtFile } from "../triton/modelFiles/tensorRt.ts";
export type { TorchFile } from "../triton/modelFiles/torch.ts";
export { checkModelRepository, type CheckOptions } from "../triton/modelRepository.ts";
export type { Problem } from "../triton/problem.ts";
export type { Severity } from "../triton/problemCodes.ts";
export type { RepositoryContents } from "../triton/repositoryContents.ts";
export type { ServingPlace } from "../triton/rules/capacity.ts";
export { readModelFolder } from "./folder.ts";
export type { ModelArchive } from "./makeArchive.ts";
export { packModelRepository, readModelArchive } from "./modelArchive.ts";
export type { Progress, WorkOptions } from "./progress.ts";
