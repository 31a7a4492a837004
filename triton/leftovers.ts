import { posix } from "node:path";

/**
 * Whether a file or folder is certainly no part of a model, so that it is left out when the repository is packed and passed
 * over in an archive: what version control, editors, Jupyter, Finder and Explorer leave behind, and compiled Python whose source
 * lies beside it. Everything else inside a model's folder is the model's, hidden names included. Beside the models, hidden
 * names are no part of any: the start would take such a folder for a model.
 *
 * @param path the path inside the repository
 * @param has whether the repository has an entry at a path
 */
export function isLeftover(path: string, has: (path: string) => boolean): boolean {
  const folder = posix.dirname(path);
  const name = posix.basename(path);
  if (folder === "." && (name.startsWith(".") || ["__pycache__", "lost+found"].includes(name))) return true;
  if (names.has(name) || patterns.some((pattern) => pattern.test(name))) return true;
  if (posix.basename(folder) === "__pycache__") {
    const [module = ""] = name.split(".");
    return has(posix.join(folder, "..", `${module}.py`));
  }
  return companions.some((pattern) => {
    const original = pattern.exec(name)?.[1];
    return original !== undefined && has(posix.join(folder, original));
  });
}

/**
 * Which of a repository's paths are left out, as a reader that has all of them finds out.
 *
 * @param paths every file, folder and link
 * @returns those that are left out, what lies below them included
 */
export function leftoversAmong(paths: ReadonlySet<string>): ReadonlySet<string> {
  const left = new Set<string>();
  const has = (path: string) => paths.has(path);
  const isLeft = (path: string): boolean => {
    if (left.has(path)) return true;
    const folder = posix.dirname(path);
    if ((folder === "." || !isLeft(folder)) && !isLeftover(path, has)) return false;
    left.add(path);
    return true;
  };
  const kept = [...paths].filter((path) => !isLeft(path));
  // A folder of compiled Python goes with the last of its files.
  const needed = new Set(kept.filter((path) => posix.basename(path) !== "__pycache__").flatMap(foldersAbove));
  for (const path of kept) if (posix.basename(path) === "__pycache__" && !needed.has(path)) left.add(path);
  return left;
}

/**
 * The topmost of what is left out: a folder stands for everything below it.
 *
 * @param left what is left out
 */
export function topmost(left: ReadonlySet<string>): string[] {
  return [...left].filter((path) => !left.has(posix.dirname(path))).sort();
}

/**
 * What is left out, in a line for people, which names no more than ten.
 *
 * @param leftOut the paths
 */
export function describeLeftOut(leftOut: readonly string[]): string {
  const named = leftOut.slice(0, 10).join(", ");
  const others = leftOut.length > 10 ? ` and ${leftOut.length - 10} more` : "";
  return `left out, as no part of a model: ${named}${others}`;
}

/** What version control, Jupyter, code editors, Finder, Explorer, KDE and Synology's DSM keep of their own. */
const names: ReadonlySet<string> = new Set([
  ...[".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".svn", ".hg", ".hgignore", ".bzr"],
  ...[".ipynb_checkpoints", ".idea", ".vscode", ".mypy_cache", ".pytest_cache", ".ruff_cache"],
  ...[".DS_Store", ".AppleDouble", ".Spotlight-V100", ".Trashes", ".fseventsd", "__MACOSX"],
  ...["Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"],
  ...["Icon\r", ".directory", "@eaDir"],
]);

/** Swap and lock files of vim, Emacs, LibreOffice and Kate, files that were deleted while they were open, and trash. */
const patterns = [
  /^\..+\.sw[a-p]$/,
  /^\.#/,
  /^\.~lock\..*#$/,
  /^\..+\.kate-swp$/,
  /^\.nfs[0-9a-f]{8,}$/,
  /^\.fuse_hidden[0-9a-f]{8,}$/,
  /^\.smbdelete[0-9A-Fa-f]+$/,
  /^\.Trash-\d+$/,
];

/** What is left over only beside the file that it was made from: backups, Finder's attributes, compiled Python. */
const companions = [/^(.+)\.~\d+~$/, /^\.(.+)\.un~$/, /^(.+)~$/, /^#(.+)#$/, /^\._(.+)$/, /^(.+\.py)[co]$/];

function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
