import { posix } from "node:path";

/**
 * Checks whether a file or folder certainly isn't part of a model, so that packing leaves it out and the reader of an archive
 * ignores it: files left behind by version control, editors, Jupyter, Finder and Explorer, and compiled Python with its
 * source next to it. Everything else in a model's folder belongs to the model, including hidden files. Hidden entries
 * next to the models don't belong to any: the start script would take such a folder for a model.
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
 * Finds the paths of a repository to leave out, given all of its paths.
 *
 * @param paths every file, folder and link
 * @returns those to leave out, including everything below them
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
  // A folder of compiled Python is left out with the last of its files.
  const needed = new Set(kept.filter((path) => posix.basename(path) !== "__pycache__").flatMap(foldersAbove));
  for (const path of kept) if (posix.basename(path) === "__pycache__" && !needed.has(path)) left.add(path);
  return left;
}

/**
 * The topmost of the paths left out: a folder stands for everything below it.
 *
 * @param left the paths left out
 */
export function topmost(left: ReadonlySet<string>): string[] {
  return [...left].filter((path) => !left.has(posix.dirname(path))).sort();
}

/**
 * Describes what is left out in one line, naming at most ten paths.
 *
 * @param leftOut the paths
 */
export function describeLeftOut(leftOut: readonly string[]): string {
  const named = leftOut.slice(0, 10).join(", ");
  const others = leftOut.length > 10 ? ` and ${leftOut.length - 10} more` : "";
  return `left out because they aren't part of a model: ${named}${others}`;
}

/** Files of version control, Jupyter, code editors, Finder, Explorer, KDE and Synology's DSM. */
const names: ReadonlySet<string> = new Set([
  ...[".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".svn", ".hg", ".hgignore", ".bzr"],
  ...[".ipynb_checkpoints", ".idea", ".vscode", ".mypy_cache", ".pytest_cache", ".ruff_cache"],
  ...[".DS_Store", ".AppleDouble", ".Spotlight-V100", ".Trashes", ".fseventsd", "__MACOSX"],
  ...["Thumbs.db", "ehthumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"],
  ...["Icon\r", ".directory", "@eaDir"],
]);

/** Swap and lock files of vim, Emacs, LibreOffice and Kate, files deleted while open, and trash. */
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

/**
 * Files that are only leftovers next to the file they were made from: backups, Finder's attributes, compiled Python.
 */
const companions = [/^(.+)\.~\d+~$/, /^\.(.+)\.un~$/, /^(.+)~$/, /^#(.+)#$/, /^\._(.+)$/, /^(.+\.py)[co]$/];

function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
