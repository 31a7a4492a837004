import { existsSync, mkdirSync, statSync } from "node:fs";
import * as path from "node:path";

/**
 * Makes a folder and those above it, as `mkdir` with `recursive` does, which never ends in a file system where no folder can be
 * made, such as `/proc`. Plain JavaScript: the launcher needs it before Node.js loads any TypeScript.
 * Source: https://github.com/nodejs/node/blob/v24.21.0/src/node_file.cc (MKDirpSync tries the folder again after its parent)
 *
 * @param {string} directory the folder; it may exist
 * @param {number} [mode] the permissions of what is made. Default: as the umask has it
 * @throws {Error} the system's error, with the path that can't be made
 */
export function makeFolders(directory, mode) {
  if (isMade(directory, mode)) return;
  const parent = path.dirname(directory);
  if (existsSync(parent)) throw noFolders(directory);
  makeFolders(parent, mode);
  if (!isMade(directory, mode)) throw noFolders(directory);
}

/**
 * @param {string} directory the folder
 * @param {number | undefined} mode its permissions
 * @returns {boolean} false if the system doesn't find the folder above it
 */
function isMade(directory, mode) {
  try {
    mkdirSync(directory, { mode });
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOENT") return false;
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return true;
    throw error;
  }
}

/** @param {string} directory the folder */
function noFolders(directory) {
  const code = "ENOTSUP";
  return Object.assign(new Error(`${code}: no folder can be made there, mkdir '${directory}'`), {
    code,
    syscall: "mkdir",
    path: directory,
  });
}
