import { readFile } from "node:fs/promises";
import { missingVersionFolders } from "./ensembles.ts";
import { type FolderFile, type FolderListing, listFolder, unreadable } from "./folderListing.ts";
import { withMetricsModel } from "./metricsModel.ts";
import type { WorkOptions } from "./progress.ts";
import { keepText } from "./keptTexts.ts";
import { namedModelFiles, readModelFileOnDisk, type ReadFormat } from "./modelFileReading.ts";
import { usualFormat, type ModelFile } from "../triton/models/modelFile.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { holdsCheckedText, MAX_TEXT_BYTES, textTooLarge } from "../triton/repository/servedFiles.ts";

/**
 * Reads a model repository from disk as it would be on the server: with symbolic links followed, leftovers skipped, and
 * the empty version folders of ensembles restored.
 *
 * @param directory the repository's root
 * @param options whether the model that prints Triton's metrics is added
 * @throws ModelError if there is no such folder
 */
export async function readModelFolder(
  directory: string,
  options: Pick<WorkOptions, "serverMetrics"> = {},
): Promise<RepositoryContents> {
  const { files, directories, leftOut, problems: listed } = await listServed(directory, options);
  const problems = [...listed];
  const reported = new Set(listed.map(({ path }) => path));
  /** Reports a file that can't be read once, and lets the rest be read. */
  const attempt = async ({ path, file }: FolderFile, read: (file: string) => Promise<void>): Promise<void> => {
    if (reported.has(path)) return;
    await read(file).catch((error: unknown) => problems.push(unreadable(path, error)));
  };
  const checked = files.filter(({ path }) => holdsCheckedText(path));
  const small = checked.filter(({ size }) => size <= MAX_TEXT_BYTES);
  const large = checked.filter(({ size }) => size > MAX_TEXT_BYTES);
  const texts = new Map<string, string>();
  const undecoded = new Set<string>();
  await Promise.all(
    small.map((entry) =>
      attempt(entry, async (file) => {
        keepText(entry.path, await readFile(file), { texts, undecoded });
      }),
    ),
  );
  problems.push(...large.map(({ path }) => textTooLarge(path)));
  const models = new Map<string, ModelFile>();
  const contents = {
    files: new Map(files.map(({ path, size }) => [path, size])),
    directories: new Set(directories),
    ...{ texts, undecoded, leftOut, strayFolders: [], models, problems },
  };
  const read = async (formatOf: (path: string) => ReadFormat | undefined): Promise<void> => {
    for (const entry of files) {
      const format = formatOf(entry.path);
      if (format) {
        await attempt(entry, async (file) => void models.set(entry.path, await readModelFileOnDisk(file, format)));
      }
    }
  };
  await read(usualFormat);
  const named = await namedModelFiles(contents);
  if (named.size === 0) return contents;
  await read((path) => named.get(path));
  // A new object, because results are cached per object, and the problems have grown.
  return { ...contents };
}

/**
 * Lists a model repository as it is served, with the version folders of ensembles restored.
 *
 * @param directory the repository's root
 * @param options whether the model that prints Triton's metrics is added
 * @throws ModelError if there is no such folder
 */
export async function listServed(
  directory: string,
  { serverMetrics = false }: Pick<WorkOptions, "serverMetrics"> = {},
): Promise<FolderListing> {
  const listing = listFolder(directory);
  const served = {
    ...listing,
    directories: [...listing.directories, ...(await missingVersionFolders(listing))].sort(),
  };
  return serverMetrics ? withMetricsModel(served, directory) : served;
}
