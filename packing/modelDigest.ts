import { createHash } from "node:crypto";
import type { FolderListing } from "./folderListing.ts";

/**
 * The digest of all that a model repository holds: paths, bytes and executable bits, and not how they are compressed.
 *
 * @param listing the repository
 * @param digests each file's SHA-256 by its path
 * @returns 64 hexadecimal digits; nothing where a file's digest is missing
 */
export function contentDigest(
  { files, directories }: FolderListing,
  digests: ReadonlyMap<string, string>,
): string | undefined {
  if (!files.every(({ path }) => digests.has(path))) return undefined;
  const hash = createHash("sha256");
  // No path holds a zero byte, so that no two repositories read the same.
  for (const directory of directories) hash.update(`folder ${directory}\0`);
  for (const { path, executable } of files) {
    hash.update(`${executable ? "program" : "file"} ${digests.get(path) ?? ""} ${path}\0`);
  }
  return hash.digest("hex");
}
