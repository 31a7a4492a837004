import * as fs from "node:fs";
import * as path from "node:path";
import { listServed } from "./folder.ts";
import { type FolderListing, refuseChangedFolder } from "./folderListing.ts";
import { BufferPool } from "./bufferPool.ts";
import type { DigestCache } from "./digestCache.ts";
import { gzip } from "./gzip.ts";
import { contentDigest } from "./modelDigest.ts";
import { writeWhole } from "./partialFile.ts";
import { gather, PIECE_BYTES } from "./pieces.ts";
import { ProgressCounter, type WorkOptions } from "./progress.ts";
import { tarBytes, tarOf } from "./tar.ts";

/** A packed model repository. */
export interface ModelArchive {
  /** The path of the `.tar.gz` in the cache. */
  readonly file: string;
  /** The content's SHA-256, 64 hexadecimal digits, over paths, bytes and executable bits, but not their compression. */
  readonly digest: string;
  /** The archive's size in bytes. */
  readonly size: number;
}

const HOUR_IN_MILLISECONDS = 60 * 60 * 1000;

/**
 * Makes the archive of a model repository and caches it with the digests of its files.
 *
 * @param archives the folder for the archive
 * @param listing the repository
 * @param cache the digests of the repository's files
 * @param options where and how
 * @throws ModelError if the repository changes meanwhile; the signal's reason if it is aborted
 */
export async function makeArchive(
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
    refuseChangedFolder(listing, await listServed(listing.root, options));
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
  const pool = new BufferPool(Math.min(PIECE_BYTES, tarBytes(listing)));
  const progress = new ProgressCounter(listing.files, options);
  const tar = tarOf(listing, pool, ({ path: name }, digest) => digests.set(name, digest));
  let writing = Promise.resolve();
  try {
    for await (const { buffers, length, used } of gzip(gather(tar, pool))) {
      await writing;
      writing = writeAll(handle, buffers).then(() => {
        for (const buffer of used) pool.give(buffer);
      });
      // A failure is handled before the next group is written; until then nothing awaits it.
      writing.catch(() => undefined);
      progress.add(length);
    }
    await writing;
  } finally {
    await Promise.allSettled([writing]);
  }
  progress.end();
}

async function writeAll(handle: fs.promises.FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await handle.writev(buffers);
  // A full disk may accept part of the data before it refuses the rest, so the error comes with the second attempt.
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
