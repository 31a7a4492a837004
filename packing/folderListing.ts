import * as fs from "node:fs";
import * as path from "node:path";
import { changedMeanwhile, ModelError } from "../triton/repository/modelError.ts";
import type { Problem } from "../triton/repository/problem.ts";
import { isLeftover } from "../triton/repository/leftovers.ts";
import { LimitCounter, pathProblem } from "../triton/limits.ts";
import { refuseEndlessFolder } from "./folderLimits.ts";
import { systemReason, systemRemedy } from "../text/systemError.ts";

/** A file of a model repository on disk. */
export interface FolderFile {
  /** The path in the repository, with forward slashes. */
  readonly path: string;
  /** The path on this machine, with symbolic links resolved. */
  readonly file: string;
  /** The size in bytes. */
  readonly size: number;
  /** True if its owner may execute it, the only bit of its mode that is kept. */
  readonly executable: boolean;
  /** Size, inode, modification and change time in nanoseconds; while this is the same, so is the content. */
  readonly stamp: string;
  /** When content or mode last changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** The served files and folders of a model repository, without their content. */
export interface FolderListing {
  /** The repository's path on this machine, with symbolic links resolved. */
  readonly root: string;
  /** The files, sorted by path in code units, so that the order doesn't depend on the locale or file system. */
  readonly files: readonly FolderFile[];
  /** The folders, sorted in the same way, without the root. */
  readonly directories: readonly string[];
  /** The sorted paths left out because they aren't part of a model; a folder stands for everything in it. */
  readonly leftOut: readonly string[];
  /** Problems such as links that lead outside or nowhere, devices, and unreadable folders. */
  readonly problems: readonly Problem[];
}

/**
 * Lists a model repository. Symbolic links inside it are followed, because an archive must contain their targets; files
 * left behind by editors, operating systems and Python are skipped. Works synchronously, because 20,000 files take a
 * tenth of a second this way and several times as long with promises.
 *
 * @param directory the repository's root
 * @throws ModelError if there is no such folder, or one without end: the root of the file system, the kernel's own
 */
export function listFolder(directory: string): FolderListing {
  const listing: Listing = {
    ...{ given: directory, root: realRoot(directory), files: [], directories: [], leftOut: [], problems: [] },
    ...{ names: new Map(), counter: new LimitCounter(), full: false },
  };
  visitFolder(listing, "", listing.root, [listing.root]);
  const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1);
  const { root, files, directories, leftOut, problems } = listing;
  return { root, files: files.sort(byPath), directories: directories.sort(), leftOut: leftOut.sort(), problems };
}

/**
 * Lists one file, following symbolic links.
 *
 * @throws ModelError if there is no such file
 */
export function listFile(file: string): FolderFile {
  const stats = statOf(file, `the file ${file}`);
  if (!stats.isFile()) throw new ModelError(`${file} is not a file`);
  return describeFile(path.basename(file), fs.realpathSync(file), stats);
}

/**
 * Throws if a model repository has changed since work on it began.
 *
 * @param before the repository then
 * @param now the repository now
 * @throws ModelError naming one file or folder that was added, removed or changed
 */
export function refuseChangedFolder(before: FolderListing, now: FolderListing): void {
  const stampsOf = ({ files, directories }: FolderListing): Map<string, string> =>
    new Map([
      ...directories.map((name) => [name, ""] as const),
      ...files.map(({ path, stamp }) => [path, stamp] as const),
    ]);
  const [stamps, others] = [stampsOf(before), stampsOf(now)];
  const different = [...stamps.keys(), ...others.keys()].find((name) => stamps.get(name) !== others.get(name));
  if (different !== undefined) throw changedMeanwhile(different);
}

/**
 * Identifies a file's content without reading it. Includes the change time because, unlike the modification time,
 * programs can't set it back.
 *
 * @param stats the file's status, with nanoseconds
 */
export function stampOf(stats: fs.BigIntStats): string {
  return `${stats.size}:${stats.ino}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

interface Listing {
  /** The root as the user named it. */
  readonly given: string;
  readonly root: string;
  readonly files: FolderFile[];
  readonly directories: string[];
  readonly leftOut: string[];
  readonly problems: Problem[];
  /** The names in each folder read so far. */
  readonly names: Map<string, ReadonlySet<string>>;
  readonly counter: LimitCounter;
  /** True if a limit is exceeded, after which nothing more is read. */
  full: boolean;
}

function realRoot(directory: string): string {
  const stats = statOf(directory, `the model repository ${directory}`);
  if (!stats.isDirectory()) throw new ModelError(`the model repository ${directory} is not a folder`);
  return fs.realpathSync(directory);
}

/**
 * Returns the status of a path, following symbolic links.
 *
 * @param name its name in messages
 * @throws ModelError if it doesn't exist, or this user may not access it
 */
export function statOf(path: string, name: string): fs.BigIntStats {
  try {
    return fs.statSync(path, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new ModelError(`${name} does not exist`);
    throw new ModelError(`${name} can't be read: ${systemReason(error)}`);
  }
}

/** Lists `folder`, which is at `prefix` in the repository; `above` are the real paths of it and its parents. */
function visitFolder(listing: Listing, prefix: string, folder: string, above: readonly string[]): void {
  let entries: fs.Dirent[];
  try {
    refuseEndlessFolder(listing.given, folder);
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof ModelError) throw error;
    listing.problems.push(unreadable(prefix || ".", error));
    return;
  }
  listing.names.set(prefix, new Set(entries.map(({ name }) => name)));
  for (const entry of entries) {
    if (listing.full) return;
    const relative = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (isLeftover(relative, (path) => hasName(listing, path))) {
      listing.leftOut.push(relative);
      continue;
    }
    const problem = pathProblem(relative) ?? listing.counter.count(relative, entry.isDirectory());
    if (problem) {
      listing.problems.push(problem);
      listing.full = true;
      return;
    }
    const file = path.join(folder, entry.name);
    try {
      if (entry.isSymbolicLink()) visitLink(listing, relative, file, above);
      else visit(listing, relative, file, above);
    } catch (error) {
      if (error instanceof ModelError) throw error;
      // Of a folder that may be listed and not entered, nothing in it can be read.
      const isClosed = (error as NodeJS.ErrnoException).code === "EACCES";
      listing.problems.push(unreadable(isClosed ? prefix || "." : relative, error));
      if (isClosed) return;
    }
  }
}

function hasName({ names }: Listing, relative: string): boolean {
  const slash = relative.lastIndexOf("/");
  return names.get(relative.slice(0, Math.max(0, slash)))?.has(relative.slice(slash + 1)) ?? false;
}

function visit(listing: Listing, relative: string, file: string, above: readonly string[]): void {
  const stats = fs.lstatSync(file, { bigint: true });
  if (stats.isDirectory()) {
    visitSubfolder(listing, relative, file, above);
  } else if (stats.isFile()) {
    listing.files.push(describeFile(relative, file, stats));
    const error = readingError(file, stats);
    if (error !== undefined) listing.problems.push(unreadable(relative, error));
  } else {
    listing.problems.push({
      code: "not-a-file",
      severity: "error",
      path: relative,
      message: "This is not a file or folder, but a device, a socket or a named pipe.",
      remedy: "Remove it from the model repository.",
    });
  }
}

function visitSubfolder(listing: Listing, relative: string, folder: string, above: readonly string[]): void {
  const { files, directories, leftOut } = listing;
  const [countOfFiles, countOfFolders, countLeftOut] = [files.length, directories.push(relative), leftOut.length];
  visitFolder(listing, relative, folder, [...above, folder]);
  const isEmpty = files.length === countOfFiles && directories.length === countOfFolders;
  // A folder of compiled Python is left out with the last of its files.
  if (!isEmpty || path.posix.basename(relative) !== "__pycache__") return;
  directories.pop();
  leftOut.length = countLeftOut;
  leftOut.push(relative);
}

function describeFile(relative: string, file: string, stats: fs.BigIntStats): FolderFile {
  return {
    path: relative,
    file,
    size: Number(stats.size),
    executable: (stats.mode & 0o100n) !== 0n,
    stamp: stampOf(stats),
    changedAt: Number(stats.mtimeMs > stats.ctimeMs ? stats.mtimeMs : stats.ctimeMs),
  };
}

function visitLink(listing: Listing, relative: string, link: string, above: readonly string[]): void {
  const named = fs.readlinkSync(link);
  let target: string;
  try {
    target = fs.realpathSync(link);
  } catch (error) {
    listing.problems.push(brokenLink(relative, named, error));
    return;
  }
  if (!target.startsWith(listing.root + path.sep) && target !== listing.root) {
    listing.problems.push({
      code: "link-outside",
      severity: "error",
      path: relative,
      message: `This symbolic link points outside the model repository, to ${target}.`,
      remedy: "Copy its target into the repository.",
    });
  } else if (above.includes(target)) {
    listing.problems.push({
      code: "link-cycle",
      severity: "error",
      path: relative,
      message: "This symbolic link points to a folder that contains it, so following it never ends.",
      remedy: "Remove the link.",
    });
  } else visit(listing, relative, target, above);
}

function brokenLink(relative: string, target: string, error: unknown): Problem {
  const isGone = (error as NodeJS.ErrnoException).code === "ENOENT";
  return {
    code: "link-broken",
    severity: "error",
    path: relative,
    message: `This symbolic link points to ${target}, ${isGone ? "which does not exist" : `which can't be followed: ${systemReason(error)}`}.`,
    remedy: "Remove the link, or replace it with the file.",
  };
}

/** Why a file can't be read. Only of one that not everybody may read, this user is tried. */
function readingError(file: string, { mode }: fs.BigIntStats): unknown {
  if ((mode & 0o444n) === 0o444n) return undefined;
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_RDONLY));
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * The problem of a file or folder that the system does not let this user read.
 *
 * @param relative its path inside the repository
 * @param error what the system said
 */
export function unreadable(relative: string, error: unknown): Problem {
  // Where a name is not UTF-8, Node.js asks for another one, which is not there.
  const isMisnamed = relative.includes("\ufffd");
  return {
    code: "unreadable",
    severity: "error",
    path: relative,
    message: isMisnamed ? "The name is not UTF-8." : `${capitalized(systemReason(error))}.`,
    remedy: isMisnamed ? "Rename it." : `${capitalized(systemRemedy(error))}.`,
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
