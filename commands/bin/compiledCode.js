import * as nodeModule from "node:module";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import { makeFolders } from "../../packing/makeFolders.js";

/**
 * Caches compiled code between runs. Where its folder can't be made, Node.js works without the cache; older versions of
 * Node.js have none.
 */
export function cacheCompiledCode() {
  if (!("enableCompileCache" in nodeModule)) return;
  const directory = process.env.NODE_COMPILE_CACHE ?? cacheDirectory("compiled");
  try {
    makeFolders(directory, 0o700);
  } catch {
    return;
  }
  nodeModule.enableCompileCache(directory);
}
