import { posix } from "node:path";
import { completeBackend, type CompletedBackend } from "../config/backends.ts";
import { parseModelConfig, type ModelConfig, type ParsedConfig } from "../config/modelConfig.ts";
import type { RepositoryContents } from "./repositoryContents.ts";
import { isUnread, unreadNames } from "./unread.ts";
import { readVersionFolders, versionsToLoad, type VersionFolders } from "./versions.ts";

/** A model's folder as Triton sees it. */
export interface ServedModel {
  /** The folder's name. */
  readonly name: string;
  /** The path of its `config.pbtxt`; absent if it has none. */
  readonly configPath?: string;
  /** The result of reading its `config.pbtxt`, or an empty one if it has none. */
  readonly parsed: ParsedConfig;
  /** Its configuration; absent if it can't be read. */
  readonly config?: ModelConfig;
  /** Its backend and its file's name, completed as Triton does; absent if the configuration can't be read. */
  readonly completed?: CompletedBackend;
  /** Its version folders. */
  readonly folders: VersionFolders;
  /** The versions that Triton loads and that exist. */
  readonly loaded: readonly string[];
  /** Its repository. */
  readonly contents: RepositoryContents;
}

/**
 * Reads the models of a repository.
 *
 * @param contents the repository
 */
export function readServedModels(contents: RepositoryContents): ServedModel[] {
  return subfolders(contents, "").map((name) => readServedModel(contents, name));
}

/**
 * The folders directly in a folder, sorted as Triton sorts them.
 *
 * @param contents the repository
 * @param folder the folder; empty for the root
 */
export function subfolders(contents: RepositoryContents, folder: string): string[] {
  return [...entriesOf(contents, folder)].flatMap(([name, kind]) => (kind === "folder" ? [name] : [])).sort();
}

/**
 * The entries directly in a folder, by name.
 *
 * @param contents the repository
 * @param folder the folder; empty for the root
 */
export function entriesOf(contents: RepositoryContents, folder: string): ReadonlyMap<string, "file" | "folder"> {
  const known = indices.get(contents) ?? indexOf(contents);
  indices.set(contents, known);
  return known.get(folder) ?? new Map();
}

type Index = Map<string, Map<string, "file" | "folder">>;

/** Computed once per repository, because hundreds of models would each go through all of its files. */
const indices = new WeakMap<RepositoryContents, Index>();

function indexOf({ files, directories }: RepositoryContents): Index {
  const index: Index = new Map();
  const add = (path: string, kind: "file" | "folder") => {
    const slash = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(0, slash));
    const entries = index.get(folder) ?? new Map<string, "file" | "folder">();
    index.set(folder, entries.set(path.slice(slash + 1), kind));
  };
  for (const path of directories) add(path, "folder");
  for (const path of files.keys()) add(path, "file");
  return index;
}

/**
 * The kind of the entry at a path of the repository, if there is one.
 *
 * @param contents the repository
 * @param path relative to its root; may contain `.` and `..`
 */
export function entryKind({ files, directories }: RepositoryContents, path: string): "file" | "folder" | undefined {
  const place = posix.normalize(path);
  if (files.has(place)) return "file";
  return directories.has(place.replace(/\/$/, "")) ? "folder" : undefined;
}

/**
 * The words for a file that isn't at its path, to follow its name: `doesn't exist`.
 *
 * @param contents the repository
 * @param path relative to its root; may contain `.` and `..`
 */
export function absence(contents: RepositoryContents, path: string): string {
  return entryKind(contents, path) === "folder" ? "is a folder, and a file is needed" : "doesn't exist";
}

/**
 * The size of a file.
 *
 * @param contents the repository
 * @param path relative to its root; may contain `.` and `..`
 * @returns the size in bytes; 0 if there is no such file
 */
export function fileSize({ files }: RepositoryContents, path: string): number {
  return files.get(posix.normalize(path)) ?? 0;
}

/**
 * Checks whether a model may be an ensemble, as far as is known: of a configuration that can't be parsed, by its text.
 */
export function mayBeEnsemble({ config, configPath = "", contents }: ServedModel): boolean {
  return !config && (contents.texts.get(configPath)?.includes("ensemble") ?? true);
}

/** A Python file. */
interface PythonText {
  /** Its path in the repository. */
  readonly path: string;
  readonly text: string;
}

/** The Python files directly in the versions that Triton loads, with their text. */
export function pythonTexts({ name, loaded, contents }: ServedModel): PythonText[] {
  const known = pythonIndices.get(contents) ?? pythonIndexOf(contents);
  pythonIndices.set(contents, known);
  return loaded.flatMap((version) => known.get(`${name}/${version}`) ?? []);
}

/** Computed once per repository, too. */
const pythonIndices = new WeakMap<RepositoryContents, ReadonlyMap<string, PythonText[]>>();

function pythonIndexOf({ texts }: RepositoryContents): ReadonlyMap<string, PythonText[]> {
  const index = new Map<string, PythonText[]>();
  for (const [path, text] of texts) {
    if (!path.endsWith(".py")) continue;
    const version = path.split("/", 2).join("/");
    const known = index.get(version) ?? [];
    index.set(version, known);
    known.push({ path, text });
  }
  return index;
}

function readServedModel(contents: RepositoryContents, name: string): ServedModel {
  const path = `${name}/config.pbtxt`;
  const present = entryKind(contents, path) !== undefined || isUnread(contents, path);
  const text = contents.texts.get(path);
  const parsed = parseModelConfig(text ?? "");
  // A configuration that is too large, or could not be read, is there, but unknown.
  const config = present && text === undefined ? undefined : parsed.config;
  // What could not be read and has the name of a version may be one.
  const hidden = unreadNames(contents, name).filter((entry) => /^\d+$/.test(entry));
  const names = [...subfolders(contents, name), ...hidden].sort();
  const [first] = names;
  const folders = readVersionFolders(names);
  const chosen = versionsToLoad(config?.version_policy ?? null, folders.versions).map(String);
  return {
    name,
    ...(present && { configPath: path }),
    parsed,
    ...(config && {
      config,
      completed: completeBackend(
        name,
        config,
        first === undefined ? undefined : entriesOf(contents, `${name}/${first}`),
      ),
    }),
    folders,
    loaded: chosen.filter((version) => names.includes(version)),
    contents,
  };
}
