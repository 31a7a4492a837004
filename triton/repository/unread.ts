import { posix } from "node:path";
import type { ProblemCode } from "./problemCodes.ts";
import type { RepositoryContents } from "./repositoryContents.ts";

/** The codes of problems with paths that exist but can't be read. */
const unreadCodes: readonly ProblemCode[] = ["unreadable", "link-broken", "link-outside", "link-cycle", "not-a-file"];

/**
 * Checks whether a path, or a folder above it, exists but couldn't be read. That is a separate problem, and whatever seems to
 * be missing there may just be unread.
 *
 * @param contents the repository
 * @param path relative to its root; may contain `.` and `..`
 */
export function isUnread(contents: RepositoryContents, path: string): boolean {
  const unread = unreadPaths(contents);
  if (unread.size === 0) return false;
  for (let place = posix.normalize(path); ; place = posix.dirname(place)) {
    if (unread.has(place)) return true;
    if (place === "." || place === "/" || place === "..") return false;
  }
}

/**
 * The names directly in a folder of entries that couldn't be identified as files or folders.
 *
 * @param contents the repository
 */
export function unreadNames(contents: RepositoryContents, folder: string): string[] {
  const names = hidden.get(contents) ?? hiddenNames(contents);
  hidden.set(contents, names);
  return names.get(folder) ?? [];
}

/** Computed once per repository, because each model asks for its own. */
const hidden = new WeakMap<RepositoryContents, ReadonlyMap<string, string[]>>();

function hiddenNames(contents: RepositoryContents): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>();
  for (const path of unreadPaths(contents)) {
    if (contents.files.has(path) || contents.directories.has(path)) continue;
    const folder = posix.dirname(path);
    const known = names.get(folder) ?? [];
    names.set(folder, known);
    known.push(posix.basename(path));
  }
  return names;
}

/**
 * Checks whether anything in the repository couldn't be read.
 *
 * @param contents the repository
 */
export function hasUnread(contents: RepositoryContents): boolean {
  return unreadPaths(contents).size > 0;
}

/**
 * Checks whether anything couldn't be read that may be Python code, contain some or make Triton load some.
 *
 * @param contents the repository
 */
export function mayHideCode(contents: RepositoryContents): boolean {
  return [...unreadPaths(contents)].some(
    (path) => /\.py$|(^|\/)config\.pbtxt$/.test(path) || !contents.files.has(path),
  );
}

/** Computed once per repository, because each rule of each model needs it. */
const known = new WeakMap<RepositoryContents, ReadonlySet<string>>();

function unreadPaths(contents: RepositoryContents): ReadonlySet<string> {
  const paths =
    known.get(contents) ??
    new Set(contents.problems.filter(({ code }) => unreadCodes.includes(code)).map(({ path }) => path));
  known.set(contents, paths);
  return paths;
}
