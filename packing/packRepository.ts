import * as fs from "node:fs";
import * as path from "node:path";
import { listServed } from "./folder.ts";
import type { FolderListing } from "./folderListing.ts";
import { refuseErrors } from "../triton/modelError.ts";
import { DigestCache } from "./digestCache.ts";
import type { ModelArchive } from "./makeArchive.ts";
import { contentDigest } from "./modelDigest.ts";
import type { WorkOptions } from "./progress.ts";

/**
 * Packs a model repository into one `.tar.gz`, or finds the one of an earlier run where no file changed since. The same
 * content gives the same bytes, whatever times, owners, umask and disk order the files have, as long as zlib is the same:
 * the one inside the Node that this project pins. The digest does not depend even on that.
 *
 * An archive stays in the cache until another one of the same repository is made; even then it is kept for an hour after it
 * was last asked for, in case somebody is uploading it.
 *
 * @param directory the repository's root
 * @param options where and how
 * @throws ModelError where something in it cannot be packed or changes on the way; the signal's reason where it is aborted.
 * Either way no archive is left behind
 */
export async function packModelRepository(directory: string, options: WorkOptions): Promise<ModelArchive> {
  const listing = await listServed(directory);
  refuseErrors(`${directory} cannot be packed:`, listing.problems);
  const cache = new DigestCache(options.cacheDirectory, listing.root);
  const archives = path.join(options.cacheDirectory, "archives", cache.key);
  const found = await findArchive(archives, listing, cache);
  if (found) return found;
  // Loading what makes archives takes longer than all else in a run that changes nothing.
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
  // A cache that this user may only read is of use all the same.
  await fs.promises.utimes(file, new Date(), new Date()).catch(() => undefined);
  return { file, digest, size };
}
