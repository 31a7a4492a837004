import type { VersionPolicy } from "../config/modelConfigTypes.ts";

/** A version folder as Triton reads its name. */
export interface VersionFolder {
  /** The folder's name. */
  readonly folder: string;
  /** The version that Triton reads from it. */
  readonly version: bigint;
}

/** The subfolders of a model, classified as Triton does. */
export interface VersionFolders {
  /** Versions: plain decimal numbers, and names that start with a number, which Triton also accepts. */
  readonly versions: readonly VersionFolder[];
  /** Names that Triton ignores. */
  readonly ignored: readonly string[];
}

/** Folders of a model that are never versions. */
const reserved = ["configs", "warmup", "initial_state"];

/** The largest number that Triton can parse; a larger one ends the server. */
export const largestVersion: bigint = 2n ** 63n - 1n;

/**
 * Reads the names of a model's subfolders as Triton does: with C++'s `stoll`, which parses the number at the start and
 * ignores the rest.
 * Source: `VersionsToLoad` in https://github.com/triton-inference-server/core/blob/main/src/model_repository_manager/model_lifecycle.cc
 *
 * @param folders the names
 */
export function readVersionFolders(folders: readonly string[]): VersionFolders {
  const candidates = folders.filter((folder) => !reserved.includes(folder));
  const versions = candidates.flatMap((folder) => {
    const number = /^0./.test(folder) ? undefined : /^\s*([+-]?)(\d+)/.exec(folder);
    return number ? [{ folder, version: BigInt(`${number[1] === "-" ? "-" : ""}${number[2]}`) }] : [];
  });
  const taken = new Set(versions.map(({ folder }) => folder));
  return { versions, ignored: candidates.filter((folder) => !taken.has(folder)) };
}

/**
 * The versions that Triton loads.
 *
 * @param policy the model's version policy; `null` for the latest one
 * @param versions the model's versions
 */
export function versionsToLoad(policy: VersionPolicy | null, versions: readonly VersionFolder[]): readonly bigint[] {
  const present = [...new Set(versions.map(({ version }) => version))].sort((a, b) => (a < b ? 1 : -1));
  if (policy?.all) return present;
  if (policy?.specific) {
    const wanted = policy.specific.versions.map(BigInt);
    return present.filter((version) => wanted.includes(version));
  }
  return present.slice(0, policy?.latest?.num_versions ?? 1);
}
