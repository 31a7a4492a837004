import type { ModelFile } from "../models/modelFile.ts";
import type { PythonReading } from "../models/pythonReading.ts";
import type { Problem } from "./problem.ts";

/**
 * The contents of a model repository, read from a folder or an archive: everything that the checks need, without access
 * to a file system. Paths are relative to the repository's root, with forward slashes.
 */
export interface RepositoryContents {
  /** Every served file with its size in bytes, without those in {@link leftOut}. */
  readonly files: ReadonlyMap<string, number>;
  /** Every folder, including empty ones, without the root. */
  readonly directories: ReadonlySet<string>;
  /** The text of every `config.pbtxt`, wherever it is, and of every `<model>/<version>/*.py`, each up to 1 MiB. */
  readonly texts: ReadonlyMap<string, string>;
  /** The paths of Python code that isn't UTF-8. Default: none. */
  readonly undecoded?: ReadonlySet<string>;
  /** What this machine's Python says of the code, by path. Default: it wasn't asked. */
  readonly python?: ReadonlyMap<string, PythonReading>;
  /**
   * The sorted paths left out because they aren't part of a model; a folder stands for everything in it. See
   * `leftovers.ts`.
   */
  readonly leftOut: readonly string[];
  /**
   * Folders next to the models that are left out but still in the archive, where the start script takes them for
   * models.
   */
  readonly strayFolders: readonly string[];
  /** The metadata of the models' own files by path, if the checks understand their format. */
  readonly models: ReadonlyMap<string, ModelFile>;
  /** Problems found while reading: links that lead outside, invalid paths in an archive, … */
  readonly problems: readonly Problem[];
}
