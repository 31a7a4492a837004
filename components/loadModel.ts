import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MultiModelOptions } from "../endpoint/multiModel.ts";
import { targetModelPattern } from "../sagemaker/multiModel.ts";
import { cacheDirectory as defaultCacheDirectory } from "../packing/cacheDirectory.js";
import { readModelFolder } from "../packing/folder.ts";
import {
  digestFile,
  digestModelRepository,
  packModelRepository,
  readModelArchive,
  type WorkOptions,
} from "../packing/modelArchive.ts";
import { describeSystemError } from "../packing/systemError.ts";
import { ModelError } from "../triton/modelError.ts";
import { checkModelRepository, type CheckOptions } from "../triton/modelRepository.ts";
import { describeLeftOut } from "../triton/leftovers.ts";
import { checkTargetModel } from "../triton/multiModel.ts";
import { describeProblem, type Problem } from "../triton/problem.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";
import type { ArchivedModel, ModelArtifact, MultiModel } from "./modelArtifact.ts";

/** Where the model comes from: set exactly one of the first four. */
export interface ModelSource {
  /** A folder with a Triton model repository, which is checked and packed. */
  readonly modelRepository?: string;
  /** A packed model repository, `.tar.gz`, which is checked. */
  readonly modelArchive?: string;
  /** The `s3://…` URL of a model that is already in S3, which is used without a check. */
  readonly modelDataUrl?: string;
  /** Many models: a folder of model repositories, each of which is checked and packed. */
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

/** Every subfolder is a model repository; files next to them, such as a README, are ignored. */
async function loadMultiModel(
  { modelRepositories, modelCacheSetting }: MultiModelOptions,
  { check = {}, checkedFor }: LoadModelOptions,
  working: WorkOptions,
): Promise<MultiModel> {
  const root = path.resolve(modelRepositories);
  if (!isFolder(root)) throw new pulumi.RunError(`the folder of model repositories ${root} does not exist`);
  const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  const names = entries.flatMap((entry) => (isFolder(path.join(root, entry.name)) ? [entry.name] : [])).sort();
  const errors = [
    ...(names.length === 0 ? ["must contain a folder for each model's repository"] : []),
    ...entries.flatMap(({ name }) => (name.endsWith(".tar.gz") ? [`${name}: is packed: unpack it into a folder`] : [])),
    ...names
      .filter((name) => !targetModelPattern.test(name))
      .map((name) => `${name}: requests use this name: it may only contain letters, digits, dots, hyphens and _`),
  ];
  for (const name of names) {
    const contents = await readModelFolder(path.join(root, name));
    logLeftOut(`${modelRepositories}/${name}`, contents);
    const problems = checkTargetModel(contents, check);
    errors.push(...errorsIn(`${modelRepositories}/${name}`, problems).map((error) => `${name}/${error}`));
  }
  logChecked(modelRepositories, checkedFor);
  refuse(`the folder of model repositories ${modelRepositories}`, errors);
  const archives: ArchivedModel[] = [];
  for (const name of names) {
    const { digest, file } = await packModelRepository(path.join(root, name), working);
    archives.push({ format: "archive", name, digest, file });
  }
  return { format: "multiModel", modelCacheSetting, archives };
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
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

function logChecked(source: string, checkedFor: string | undefined): void {
  if (checkedFor !== undefined) void pulumi.log.info(`${source}: checked for ${checkedFor}`);
}

function logLeftOut(source: string, { leftOut }: RepositoryContents): void {
  if (leftOut.length > 0) void pulumi.log.info(`${source}: ${describeLeftOut(leftOut)}`);
}

/** The text of the errors; warnings are logged. */
function errorsIn(source: string, problems: readonly Problem[]): string[] {
  for (const warning of problems.filter(({ severity }) => severity === "warning")) {
    const text = describeProblem(warning);
    void pulumi.log.warn(warning.path === "." ? source + text.slice(1) : `${source}/${text}`);
  }
  return problems.filter(({ severity }) => severity === "error").map(describeProblem);
}

function refuse(what: string, errors: readonly string[]): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
  throw new pulumi.RunError(`${what} has ${count}:\n${errors.map((error) => `  ${error}`).join("\n")}`);
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
