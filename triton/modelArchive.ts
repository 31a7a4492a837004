export { readModelArchive, unpackModelArchive } from "./packing/archiveReader.ts";
export { digestFile, digestModelRepository, type ModelFiles } from "./packing/modelFiles.ts";
export type { ModelArchive } from "./packing/makeArchive.ts";
export { packModelRepository } from "./packing/packRepository.ts";
export type { Progress, WorkOptions } from "./packing/progress.ts";
