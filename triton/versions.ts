import type { VersionPolicy } from "./modelConfigTypes.ts";

/** A model's subfolder as Triton reads its name. */
export interface VersionFolder {
  /** The folder's name. */
  readonly folder: string;
  /** The version that Triton takes it for. */
  readonly version: bigint;
}

/** The subfolders of a model by what Triton takes them for. */
export interface VersionFolders {
  /** Versions: plain decimal numbers, and names that only begin with a number, which Triton takes for it too. */
  readonly versions: readonly VersionFolder[];
  /** Names that Triton passes over. */
  readonly ignored: readonly string[];
}

/** Folders of a model that are never versions. */
const reserved = ["configs", "warmup", "initial_state"];

/** The largest number that Triton's own conversion takes; a larger one ends the server. */
export const largestVersion: bigint = 2n ** 63n - 1n;

/**
 * Reads the names of a model's subfolders as Triton does: with C++'s `stoll`, which takes the number at the beginning and
 * drops the rest.
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
 * @param policy the model's version policy; `null`: the latest one
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
