// What `sagemaker-triton/check` exports: the check of a model repository and its packer, without Pulumi.
export { checkModelRepository, type CheckOptions } from "../triton/modelRepository.ts";
export type { Problem } from "../triton/problem.ts";
export type { RepositoryContents } from "../triton/repositoryContents.ts";
export { readModelFolder } from "./folder.ts";
export { packModelRepository, readModelArchive } from "./modelArchive.ts";
