export { readModelArchive, unpackModelArchive } from "./archiveReader.ts";
export { digestFile, digestModelRepository, type ModelFiles } from "./modelFiles.ts";
export type { ModelArchive } from "./makeArchive.ts";
export { packModelRepository } from "./packRepository.ts";
export type { Progress, WorkOptions } from "./progress.ts";
