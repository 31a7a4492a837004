import { createHash } from "node:crypto";
import type { FolderListing } from "./folderListing.ts";

/**
 * The digest of a model repository's contents: paths, bytes and executable bits, but not their compression.
 *
 * @param listing the repository
 * @param digests each file's SHA-256 by its path
 * @returns 64 hexadecimal digits; `undefined` if a file's digest is missing
 */
export function contentDigest(
  { files, directories }: FolderListing,
  digests: ReadonlyMap<string, string>,
): string | undefined {
  if (!files.every(({ path }) => digests.has(path))) return undefined;
  const hash = createHash("sha256");
  // Paths can't contain zero bytes, so the text is unambiguous.
  for (const directory of directories) hash.update(`folder ${directory}\0`);
  for (const { path, executable } of files) {
    hash.update(`${executable ? "program" : "file"} ${digests.get(path) ?? ""} ${path}\0`);
  }
  return hash.digest("hex");
}
