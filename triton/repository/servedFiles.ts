import type { Problem } from "./problem.ts";

/** The largest file that the checks read as text, in bytes. */
export const MAX_TEXT_BYTES = 2 ** 20;

/**
 * Checks whether the checks read a file's text: every `config.pbtxt`, and the Python next to a model, `<model>/<version>/*.py`.
 *
 * @param path the path inside the repository
 */
export function holdsCheckedText(path: string): boolean {
  return /(^|\/)config\.pbtxt$/.test(path) || /^[^/]+\/[^/]+\/[^/]+\.py$/.test(path);
}

/**
 * The problem of a text that is too large to check.
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
