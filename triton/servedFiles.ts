import type { Problem } from "./problem.ts";

/** The largest file whose text the checks read, in bytes. */
export const MAX_TEXT_BYTES = 2 ** 20;

/**
 * Whether a file or folder is left behind by an editor, an operating system or Python, and has no business on a server:
 * hidden names, `x~`, `#x#`, vim's swap files, `__pycache__` and compiled Python.
 *
 * @param name the name without its folder
 */
export function isLeftover(name: string): boolean {
  return name.startsWith(".") || name === "__pycache__" || /~$|^#.*#$|\.sw[a-p]$|\.py[co]$/.test(name);
}

/**
 * Whether the checks read a file's text: every `config.pbtxt`, and the Python next to a model, `<model>/<version>/*.py`.
 *
 * @param path the path inside the repository
 */
export function holdsCheckedText(path: string): boolean {
  return /(^|\/)config\.pbtxt$/.test(path) || /^[^/]+\/[^/]+\/[^/]+\.py$/.test(path);
}

/**
 * The problem of a text that is too large to be checked.
 *
 * @param path the path inside the repository
 */
export function textTooLarge(path: string): Problem {
  return {
    code: "text-too-large",
    severity: "warning",
    path,
    message: "This file is larger than 1 MiB and was not checked.",
    remedy: "Keep data out of configurations and of the Python code next to them.",
  };
}
