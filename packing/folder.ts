import { readFile } from "node:fs/promises";
import { missingVersionFolders } from "./ensembles.ts";
import { type FolderListing, listFolder } from "./folderListing.ts";
import { namedModelFiles, readModelFileOnDisk } from "./modelFileReading.ts";
import { usualFormat, type ModelFile, type ModelFormat } from "../triton/modelFiles/modelFile.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";
import { holdsCheckedText, MAX_TEXT_BYTES, textTooLarge } from "../triton/servedFiles.ts";

/**
 * Reads what a model repository on disk would be on the server: symbolic links inside it followed, leftovers passed
 * over, the empty version folders of ensembles put back.
 *
 * @param directory the repository's root
 * @throws ModelError where there is no such folder
 */
export async function readModelFolder(directory: string): Promise<RepositoryContents> {
  const { files, directories, leftOut, problems } = await listServed(directory);
  const checked = files.filter(({ path }) => holdsCheckedText(path));
  const small = checked.filter(({ size }) => size <= MAX_TEXT_BYTES);
  const large = checked.filter(({ size }) => size > MAX_TEXT_BYTES);
  const texts = await Promise.all(small.map(async ({ path, file }) => [path, await readFile(file, "utf8")] as const));
  const models = new Map<string, ModelFile>();
  const contents = {
    files: new Map(files.map(({ path, size }) => [path, size])),
    directories: new Set(directories),
    texts: new Map(texts),
    leftOut,
    strayFolders: [],
    models,
    problems: [...problems, ...large.map(({ path }) => textTooLarge(path))],
  };
  const read = async (formatOf: (path: string) => ModelFormat | undefined): Promise<void> => {
    for (const { path, file } of files) {
      const format = formatOf(path);
      if (format) models.set(path, await readModelFileOnDisk(file, format));
    }
  };
  await read(usualFormat);
  const named = await namedModelFiles(contents);
  await read((path) => named.get(path));
  return contents;
}

/**
 * Lists a model repository as it is served, the version folders of ensembles put back.
 *
 * @param directory the repository's root
 * @throws ModelError where there is no such folder
 */
export async function listServed(directory: string): Promise<FolderListing> {
  const listing = listFolder(directory);
  return { ...listing, directories: [...listing.directories, ...(await missingVersionFolders(listing))].sort() };
}
