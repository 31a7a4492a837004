import * as fs from "node:fs";
import type { FolderListing } from "./folderListing.ts";
import { readVersionFolders } from "../triton/repository/versions.ts";

/**
 * Finds the version folders that ensembles lack. Triton requires one for each model, but an ensemble's is empty, and
 * neither git nor S3 stores empty folders, so a cloned repository lacks them.
 *
 * @param listing the repository
 * @returns the folders to add, for example `penguins/1`
 */
export async function missingVersionFolders({ files, directories }: FolderListing): Promise<string[]> {
  const below = Map.groupBy(
    directories.map((path) => path.split("/")).filter(({ length }) => length === 2),
    ([model]) => model,
  );
  const missing: string[] = [];
  for (const { path, file } of files) {
    const [, model] = /^([^/]+)\/config\.pbtxt$/.exec(path) ?? [];
    if (model === undefined) continue;
    const { versions } = readVersionFolders((below.get(model) ?? []).map(([, folder = ""]) => folder));
    if (versions.length > 0) continue;
    missing.push(...(await versionsOfEnsemble(file)).map((version) => `${model}/${version}`));
  }
  return missing;
}

/** The versions that an ensemble serves; empty if the configuration isn't an ensemble's. */
async function versionsOfEnsemble(file: string): Promise<readonly (string | number)[]> {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    // Whoever lists the repository tells that it can't be read.
    return [];
  }
  if (!text.includes("ensemble")) return [];
  // Loading the configuration parser takes longer than everything else in a run without changes.
  const { parseModelConfig } = await import("../triton/config/modelConfig.ts");
  const { config } = parseModelConfig(text);
  if (config?.platform !== "ensemble" && !config?.ensemble_scheduling) return [];
  const { versions = [] } = config.version_policy?.specific ?? {};
  return versions.length > 0 ? versions.map(String) : [1];
}
