import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MultiModelOptions } from "../endpoint/multiModel.ts";
import { cacheDirectory as defaultCacheDirectory } from "../packing/cacheDirectory.js";
import { readModelFolder } from "../packing/folder.ts";
import { digestFile, digestModelRepository, packModelRepository, readModelArchive } from "../packing/modelArchive.ts";
import { describeSystemError } from "../packing/systemError.ts";
import { ModelError } from "../triton/repository/modelError.ts";
import { checkModelRepository, type CheckOptions } from "../triton/repository/modelRepository.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { loadMultiModel } from "./loadMultiModel.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import { errorsIn, logChecked, logLeftOut, refuse } from "./modelProblems.ts";

/** Where the model comes from: set exactly one of the first four. */
export interface ModelSource {
  /** A folder with a Triton model repository, which is checked and packed. */
  readonly modelRepository?: string;
  /** A packed model repository, `.tar.gz`, which is checked. */
  readonly modelArchive?: string;
  /** The `s3://…` URL of a model that is already in S3, which is used without a check. */
  readonly modelDataUrl?: string;
  /** Many models: a folder of model repositories, as folders or archives, each of which is checked and packed. */
  readonly multiModel?: MultiModelOptions;
  /** Whether a folder is uploaded to S3 as one archive or as single files under a prefix. Default: `archive`. */
  readonly modelDataFormat?: "archive" | "prefix";
}

/** How to check and pack the model. */
export interface LoadModelOptions {
  /** What the check knows about the server. Default: nothing. */
  readonly check?: CheckOptions;
  /**
   * A description of the server for the log, for example `26.05-py3 on ml.m5.large in us-east-1`. Default: nothing is
   * logged.
   */
  readonly checkedFor?: string;
  /** The folder for digests and archives. Default: `$XDG_CACHE_HOME/sagemaker-triton/models`, or the same below `~/.cache`. */
  readonly cacheDirectory?: string;
  /** Called during long work with the bytes done and the total. Default: none. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number }) => void;
}

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
    throw message === undefined ? error : new pulumi.RunError(message);
  }
}

async function load(source: ModelSource, options: LoadModelOptions): Promise<ModelArtifact> {
  const { cacheDirectory = defaultCacheDirectory("models"), onProgress } = options;
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
    throw new pulumi.RunError("no model: set modelRepository, modelArchive, modelDataUrl or multiModel");
  const directory = path.resolve(modelRepository);
  refuseErrors(modelRepository, await readModelFolder(directory), options);
  const name = objectName(directory);
  if (source.modelDataFormat === "prefix") {
    const { digest, files } = await digestModelRepository(directory, working);
    return { format: "prefix", name, digest, files };
  }
  const { digest, file } = await packModelRepository(directory, working);
  return { format: "archive", name, digest, file };
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

/** The base name of the object in S3: the file's or folder's name, in characters that need no escaping in a URL. */
function objectName(file: string): string {
  return (
    path
      .basename(file)
      .replace(/\.(tar\.gz|tgz)$/, "")
      .replace(/[^a-zA-Z0-9._-]+/g, "-") || "model"
  );
}
