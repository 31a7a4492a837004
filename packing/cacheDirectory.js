import { chmodSync, statSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * The user's folder for what can be made again: packed archives and digests, compiled code, the local Triton. It is
 * `$XDG_CACHE_HOME/sagemaker-triton`, or `~/.cache/sagemaker-triton` where that variable isn't set.
 * Plain JavaScript: the launcher needs it before Node.js loads any TypeScript, which alone takes 30 ms.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/
 *
 * @param {...string} segments the path below it
 * @returns {string} an absolute path; nothing need exist there
 */
export function cacheDirectory(...segments) {
  const base = process.env.XDG_CACHE_HOME;
  // The specification has relative paths ignored.
  const root = base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), ".cache");
  return path.join(root, "sagemaker-triton", ...segments);
}

/**
 * Keeps other users out of the cache, which holds models: earlier versions and Node.js itself create it readable by
 * everyone. Does nothing if there is no cache, or it is another user's.
 */
export function protectCache() {
  const root = cacheDirectory();
  try {
    const { mode, uid } = statSync(root);
    if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(root, 0o700);
  } catch {
    // Whoever needs the cache reports it.
  }
}
