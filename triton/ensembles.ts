import * as fs from "node:fs";
import type { FolderListing } from "./folderListing.ts";
import { parseModelConfig } from "./modelConfig.ts";
import { readVersionFolders } from "./versions.ts";

/**
 * The version folders that ensembles lack. Triton wants one of each model, an ensemble's is empty, and neither git nor S3
 * keeps empty folders; so a repository comes out of a clone without them.
 *
 * @param listing the repository
 * @returns the folders to add, for example `penguins/1`
 */
export function missingVersionFolders({ files, directories }: FolderListing): string[] {
  const below = Map.groupBy(
    directories.map((path) => path.split("/")).filter(({ length }) => length === 2),
    ([model]) => model,
  );
  return files.flatMap(({ path, file }) => {
    const [, model] = /^([^/]+)\/config\.pbtxt$/.exec(path) ?? [];
    if (model === undefined) return [];
    const { versions } = readVersionFolders((below.get(model) ?? []).map(([, folder = ""]) => folder));
    return versions.length > 0 ? [] : versionsOfEnsemble(file).map((version) => `${model}/${version}`);
  });
}

/** The versions that an ensemble serves; none where the configuration is not an ensemble's. */
function versionsOfEnsemble(file: string): readonly (string | number)[] {
  const text = fs.readFileSync(file, "utf8");
  // Most configurations without versions are no ensembles' either, and parsing takes longer than all else here.
  if (!text.includes("ensemble")) return [];
  const { config } = parseModelConfig(text);
  if (config?.platform !== "ensemble" && !config?.ensemble_scheduling) return [];
  const { versions = [] } = config.version_policy?.specific ?? {};
  return versions.length > 0 ? versions.map(String) : [1];
}
