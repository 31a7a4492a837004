import * as fs from "node:fs";
import * as path from "node:path";
import { BufferPool } from "./packing/bufferPool.ts";
import { Compressors } from "./packing/compressors.ts";
import { DigestCache } from "./packing/digestCache.ts";
import { listServed } from "./folder.ts";
import { type FolderListing, refuseChangedFolder } from "./folderListing.ts";
import { gzip } from "./packing/gzip.ts";
import { contentDigest } from "./packing/modelDigest.ts";
import { refuseErrors } from "./modelError.ts";
import { writeWhole } from "./packing/partialFile.ts";
import { gather, PIECE_BYTES } from "./packing/pieces.ts";
import { ProgressCounter, type WorkOptions } from "./packing/progress.ts";
import { tarOf } from "./packing/tar.ts";

export { readModelArchive, unpackModelArchive } from "./packing/archiveReader.ts";
export { digestFile, digestModelRepository, type ModelFiles } from "./packing/modelFiles.ts";
export type { Progress, WorkOptions } from "./packing/progress.ts";

/** A packed model repository. */
export interface ModelArchive {
  /** The path of the `.tar.gz`, inside the cache. */
  readonly file: string;
  /** The content's SHA-256, 64 hexadecimal digits: of paths, bytes and executable bits, not of how they are compressed. */
  readonly digest: string;
  /** The archive's size in bytes. */
  readonly size: number;
}

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
  return (await findArchive(archives, listing, cache)) ?? (await makeArchive(archives, listing, cache, options));
}

const HOUR_IN_MILLISECONDS = 60 * 60 * 1000;

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
  await fs.promises.utimes(file, new Date(), new Date());
  return { file, digest, size };
}

async function makeArchive(
  archives: string,
  listing: FolderListing,
  cache: DigestCache,
  options: WorkOptions,
): Promise<ModelArchive> {
  const readAt = Date.now();
  const digests = new Map<string, string>();
  let digest = "";
  const file = await writeWhole(archives, async (handle) => {
    await writeArchive(handle, listing, digests, options);
    refuseChangedFolder(listing, await listServed(listing.root));
    digest = contentDigest(listing, digests) ?? "";
    return `${digest}.tar.gz`;
  });
  const { size } = await fs.promises.stat(file);
  for (const entry of listing.files) cache.remember(entry, digests.get(entry.path) ?? "", readAt);
  cache.archive = { digest, size };
  await cache.save();
  await removeOldArchives(archives, file);
  return { file, digest, size };
}

/** Writes one group of buffers while the next ones are read and compressed. */
async function writeArchive(
  handle: fs.promises.FileHandle,
  listing: FolderListing,
  digests: Map<string, string>,
  options: WorkOptions,
): Promise<void> {
  const pool = new BufferPool(PIECE_BYTES);
  const progress = new ProgressCounter(listing.files, options);
  const compressors = new Compressors(progress.total);
  const tar = tarOf(listing, pool, ({ path: name }, digest) => digests.set(name, digest));
  let writing = Promise.resolve();
  try {
    for await (const { buffers, length, used } of gzip(gather(tar, pool), compressors, pool)) {
      await writing;
      writing = writeAll(handle, buffers).then(() => {
        for (const buffer of used) pool.give(buffer);
      });
      // A failure is met before the next group is written; until then nobody waits for it.
      writing.catch(() => undefined);
      progress.add(length);
    }
    await writing;
  } finally {
    await Promise.allSettled([writing, compressors.close()]);
  }
  progress.end();
}

async function writeAll(handle: fs.promises.FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await handle.writev(buffers);
  // A full disk may take a part before it refuses the rest: the second attempt says so.
  if (bytesWritten < length) await handle.writeFile(Buffer.concat(buffers).subarray(bytesWritten));
}

async function removeOldArchives(archives: string, current: string): Promise<void> {
  for (const name of await fs.promises.readdir(archives)) {
    const file = path.join(archives, name);
    if (file === current || !name.endsWith(".tar.gz")) continue;
    const stats = await fs.promises.stat(file).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > HOUR_IN_MILLISECONDS) await fs.promises.rm(file, { force: true });
  }
}
