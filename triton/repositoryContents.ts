import type { ModelFile } from "./modelFiles/modelFile.ts";
import type { Problem } from "./problem.ts";

/**
 * What a model repository holds, whether it was read from a folder or from an archive: everything that the checks need,
 * and nothing that needs a file system. Paths are relative to the repository's root, with forward slashes.
 */
export interface RepositoryContents {
  /** Every file that is served, with its size in bytes; what {@link leftOut} names is not. */
  readonly files: ReadonlyMap<string, number>;
  /** Every folder, the empty ones too; the root itself is not listed. */
  readonly directories: ReadonlySet<string>;
  /** The text of every `config.pbtxt`, wherever it lies, and of every `<model>/<version>/*.py`, each up to 1 MiB. */
  readonly texts: ReadonlyMap<string, string>;
  /** What is no part of a model and left out, sorted: a folder stands for everything in it. See `leftovers.ts`. */
  readonly leftOut: readonly string[];
  /** Folders beside the models that are left out and yet in the archive, where the start takes each for a model. */
  readonly strayFolders: readonly string[];
  /** What the models' own files say of themselves, by path, as far as the checks understand their format. */
  readonly models: ReadonlyMap<string, ModelFile>;
  /** What was found wrong while reading: links that lead outside, paths that no archive may hold, ... */
  readonly problems: readonly Problem[];
}
