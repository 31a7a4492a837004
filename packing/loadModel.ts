import * as path from "node:path";
import { cacheDirectory as defaultCacheDirectory } from "./cacheDirectory.js";
import { readModelFolder } from "./folder.ts";
import { digestFile, digestModelRepository, packModelRepository, readModelArchive } from "./modelArchive.ts";
import { describeSystemError } from "../text/systemError.ts";
import { ModelError } from "../triton/repository/modelError.ts";
import { checkModelRepository } from "../triton/repository/modelRepository.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { loadMultiModel } from "./loadMultiModel.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import type { LoadModelOptions, ModelSource } from "./modelSource.ts";
import { errorsIn, logChecked, logLeftOut, refuse } from "./modelProblems.ts";
import { RunError } from "../text/pulumi.ts";

/**
 * Checks a model as Triton would and prepares it for upload. Registers no resources; for an unchanged model, digest and
 * archive come from the cache.
 *
 * @param source where the model comes from
 * @param options how to check and pack it
 * @returns what TritonEndpoint takes as `model`
 * @throws pulumi.RunError listing every error that the check found
 */
export async function loadModel(source: ModelSource, options: LoadModelOptions = {}): Promise<ModelArtifact> {
  try {
    return await load(source, options);
  } catch (error) {
    // Pulumi prints a RunError as one message, and any other error with its stack trace.
    const message = error instanceof ModelError ? error.message : describeSystemError(error);
    throw message === undefined ? error : new RunError(message);
  }
}

async function load(source: ModelSource, options: LoadModelOptions): Promise<ModelArtifact> {
  const { cacheDirectory = defaultCacheDirectory("models"), onProgress, serverMetrics = false } = options;
  const working = { cacheDirectory, onProgress };
  const { modelRepository, modelArchive, modelDataUrl } = source;
  if (modelDataUrl !== undefined) return { format: "stored", modelDataUrl };
  if (modelArchive !== undefined) {
    const file = path.resolve(modelArchive);
    refuseErrors(modelArchive, await readModelArchive(file), options);
    return { format: "archive", name: objectName(file), digest: await digestFile(file, working), file };
  }
  if (source.multiModel) return loadMultiModel(source.multiModel, options, working);
  if (modelRepository === undefined)
    throw new RunError("no model: set modelRepository, modelArchive, modelDataUrl or multiModel");
  const directory = path.resolve(modelRepository);
  const packing = { ...working, serverMetrics };
  refuseErrors(modelRepository, await readModelFolder(directory, packing), options);
  const common = { name: objectName(directory), ...(serverMetrics && { serverMetrics }) };
  if (source.modelDataFormat === "prefix") {
    const { digest, files } = await digestModelRepository(directory, packing);
    return { format: "prefix", ...common, digest, files };
  }
  const { digest, file } = await packModelRepository(directory, packing);
  return { format: "archive", ...common, digest, file };
}

function refuseErrors(
  source: string,
  contents: RepositoryContents,
  { check = {}, checkedFor }: LoadModelOptions,
): void {
  logChecked(source, checkedFor);
  logLeftOut(source, contents);
  refuse(`the model ${source}`, errorsIn(source, checkModelRepository(contents, check)));
}

/**
 * The base name of a model's object in S3: the file's or folder's name, in characters that need no escaping in a URL.
 *
 * @param file the path of the archive or of the folder
 */
export function objectName(file: string): string {
  return (
    path
      .basename(path.resolve(file))
      .replace(/\.(tar\.gz|tgz)$/, "")
      .replace(/[^a-zA-Z0-9._-]+/g, "-") || "model"
  );
}
