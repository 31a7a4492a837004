import * as fs from "node:fs";
import * as path from "node:path";
import { listServed } from "./folder.ts";
import type { FolderListing } from "./folderListing.ts";
import { refuseErrors } from "../triton/repository/modelError.ts";
import { DigestCache } from "./digestCache.ts";
import type { ModelArchive } from "./makeArchive.ts";
import { contentDigest } from "./modelDigest.ts";
import type { WorkOptions } from "./progress.ts";

/**
 * Packs a model repository into one `.tar.gz`, or returns an earlier run's if no file has changed since. The same
 * content gives the same bytes, whatever the files' times, owners, umask and order on disk, as long as zlib is the same
 * as in the Node that this project pins. The digest doesn't even depend on that.
 *
 * An archive stays in the cache until another one of the same repository is made, and then for another hour after its
 * last use, in case it is still being uploaded.
 *
 * @param directory the repository's root
 * @param options where and how
 * @throws ModelError if something in it can't be packed or changes meanwhile; the signal's reason if it is aborted.
 * Either way no archive is left behind
 */
export async function packModelRepository(directory: string, options: WorkOptions): Promise<ModelArchive> {
  const listing = await listServed(directory, options);
  refuseErrors(`${directory} cannot be packed:`, listing.problems);
  const cache = new DigestCache(options.cacheDirectory, listing.root);
  const archives = path.join(options.cacheDirectory, "archives", cache.key);
  const found = await findArchive(archives, listing, cache);
  if (found) return found;
  // Loading the archiver takes longer than everything else in a run without changes.
  const { makeArchive } = await import("./makeArchive.ts");
  return makeArchive(archives, listing, cache, options);
}

async function findArchive(
  archives: string,
  listing: FolderListing,
  cache: DigestCache,
): Promise<ModelArchive | undefined> {
  if (!cache.archive) return undefined;
  const { digest, size } = cache.archive;
  const known = listing.files.flatMap((file) => {
    const fileDigest = cache.digestOf(file);
    return fileDigest === undefined ? [] : [[file.path, fileDigest] as const];
  });
  if (contentDigest(listing, new Map(known)) !== digest) return undefined;
  const file = path.join(archives, `${digest}.tar.gz`);
  const stats = await fs.promises.stat(file).catch(() => undefined);
  if (stats?.size !== size) return undefined;
  // A read-only cache is still useful.
  await fs.promises.utimes(file, new Date(), new Date()).catch(() => undefined);
  return { file, digest, size };
}
