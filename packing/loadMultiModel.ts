import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { refuseEndlessFolder } from "./folderLimits.ts";
import { readModelFolder } from "./folder.ts";
import { digestFile, packModelRepository, readModelArchive, type WorkOptions } from "./modelArchive.ts";
import { targetModelPattern } from "../sagemaker/multiModel.ts";
import { checkTargetModel } from "../triton/repository/multiModel.ts";
import type { LoadModelOptions, ModelSource } from "./modelSource.ts";
import type { ArchivedModel, MultiModel } from "./modelArtifact.ts";
import { errorsIn, logChecked, logLeftOut, refuse } from "./modelProblems.ts";
import { RunError } from "../text/pulumi.ts";

/**
 * Checks and packs many models. Every folder in the folder is a model's repository, and every archive is one that is packed
 * already; other files beside them, a README for example, are left alone.
 *
 * @param options the folder, and how SageMaker caches its models
 * @param checks what the check has to know
 * @param working where and how they are packed
 * @throws pulumi.RunError naming every error of all of them
 */
export async function loadMultiModel(
  { modelRepositories, modelCacheSetting }: NonNullable<ModelSource["multiModel"]>,
  { check = {}, checkedFor }: LoadModelOptions,
  working: WorkOptions,
): Promise<MultiModel> {
  const root = path.resolve(modelRepositories);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new RunError(`the folder of model repositories ${root} does not exist`);
  }
  refuseEndlessFolder(modelRepositories, root);
  const { repositories, otherArchives } = await findRepositories(root);
  const errors = [
    ...(repositories.length === 0 ? ["must contain a folder or a .tar.gz for each model's repository"] : []),
    ...otherArchives.map((entry) => `${entry}: must be a .tar.gz or a folder: unpack it`),
    ...repositories.flatMap(nameErrors),
  ];
  for (const { entry, isPacked } of repositories) {
    const contents = await (isPacked ? readModelArchive : readModelFolder)(path.join(root, entry));
    logLeftOut(`${modelRepositories}/${entry}`, contents);
    const problems = checkTargetModel(contents, check);
    errors.push(...errorsIn(`${modelRepositories}/${entry}`, problems).map((error) => `${entry}/${error}`));
  }
  logChecked(modelRepositories, checkedFor);
  refuse(`the folder of model repositories ${modelRepositories}`, errors);
  const archives: ArchivedModel[] = [];
  for (const { name, entry, isPacked } of repositories) {
    const place = path.join(root, entry);
    const { digest, file } = isPacked
      ? { digest: await digestFile(place, working), file: place }
      : await packModelRepository(place, working);
    archives.push({ format: "archive", name, digest, file });
  }
  return { format: "multiModel", modelCacheSetting, archives };
}

interface Repository {
  /** The name that requests use. */
  readonly name: string;
  /** The folder or archive. */
  readonly entry: string;
  readonly isPacked: boolean;
}

async function findRepositories(root: string): Promise<{ repositories: Repository[]; otherArchives: string[] }> {
  const entries = (await readdir(root)).filter((entry) => !entry.startsWith(".")).sort();
  const isFolder = (entry: string) =>
    statSync(path.join(root, entry), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const repositories = entries.flatMap((entry): Repository[] => {
    if (isFolder(entry)) return [{ name: entry, entry, isPacked: false }];
    const name = /^(.+)\.(tar\.gz|tgz)$/.exec(entry)?.[1];
    return name === undefined ? [] : [{ name, entry, isPacked: true }];
  });
  return {
    repositories,
    otherArchives: entries.filter((entry) => /\.(zip|tar|rar|7z)$/i.test(entry) && !isFolder(entry)),
  };
}

function nameErrors({ name, entry }: Repository, index: number, all: readonly Repository[]): string[] {
  const other = all.find((repository, place) => repository.name === name && place < index);
  return [
    ...(targetModelPattern.test(name)
      ? []
      : [`${entry}: requests use this name: it may only contain letters, digits, dots, hyphens and _`]),
    ...(other ? [`${entry}: requests name ${other.entry} the same, ${name}: keep one of the two`] : []),
  ];
}
