import * as fs from "node:fs";
import type { FolderListing } from "./folderListing.ts";

/**
 * The version folders that ensembles lack. Triton wants one of each model, an ensemble's is empty, and neither git nor S3
 * keeps empty folders; so a repository comes out of a clone without them.
 *
 * @param listing the repository
 * @returns the folders to add, for example `penguins/1`
 */
export function missingVersionFolders({ files, directories }: FolderListing): string[] {
  const versioned = new Set(directories.filter((path) => /^[^/]+\/\d+$/.test(path)).map((path) => path.split("/")[0]));
  return files
    .filter(({ path }) => /^[^/]+\/config\.pbtxt$/.test(path) && !versioned.has(path.split("/")[0]))
    .filter(({ file }) => describesEnsemble(fs.readFileSync(file, "utf8")))
    .map(({ path }) => path.replace("config.pbtxt", "1"));
}

/** Two words tell an ensemble; reading the whole configuration for them would cost every run more than all else here. */
function describesEnsemble(config: string): boolean {
  const code = config.replace(/#.*$/gm, "");
  return /\bplatform\s*:\s*["']ensemble["']|\bensemble_scheduling\b/.test(code);
}
