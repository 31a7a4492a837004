import { createHash } from "node:crypto";
import * as path from "node:path";
import { BufferPool } from "./bufferPool.ts";
import { DigestCache } from "./digestCache.ts";
import { readPieces } from "./fileReader.ts";
import { listServed } from "./folder.ts";
import { type FolderFile, listFile, refuseChangedFolder } from "./folderListing.ts";
import { contentDigest } from "./modelDigest.ts";
import { refuseErrors } from "../triton/repository/modelError.ts";
import { writeWhole } from "./partialFile.ts";
import { PIECE_BYTES } from "./pieces.ts";
import { ProgressCounter, type WorkOptions } from "./progress.ts";

/** One file of a model repository. */
export interface ModelFile {
  /** The path in the repository, with forward slashes. */
  readonly path: string;
  /** The path on this machine. */
  readonly file: string;
  /** The SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly digest: string;
  /** The size in bytes. */
  readonly size: number;
}

/** A model repository as single files. */
export interface ModelFiles {
  /** The content's SHA-256, 64 hexadecimal digits, the same as for the packed archive. */
  readonly digest: string;
  /** The files, sorted by path. */
  readonly files: readonly ModelFile[];
}

/**
 * Digests a model repository file by file, for a model that is uploaded uncompressed; files of an unchanged one aren't
 * read. S3 has no folders, so an empty one, such as an ensemble's version, gets a file `.keep`, which Triton ignores.
 *
 * @param directory the repository's root
 * @param options where and how
 * @throws ModelError if something in it can't be uploaded or changes meanwhile; the signal's reason if it is aborted
 */
export async function digestModelRepository(directory: string, options: WorkOptions): Promise<ModelFiles> {
  const listing = await listServed(directory, options);
  refuseErrors(`${directory} cannot be uploaded:`, listing.problems);
  const cache = new DigestCache(options.cacheDirectory, listing.root);
  const digests = await digestAll(listing.files, cache, options);
  refuseChangedFolder(listing, await listServed(listing.root, options));
  const digest = contentDigest(listing, digests) ?? "";
  const files = listing.files.map(({ path, file, size }) => ({ path, file, size, digest: digests.get(path) ?? "" }));
  const used = new Set([...listing.files, ...listing.directories.map((name) => ({ path: name }))].map(parentOf));
  const empty = listing.directories.filter((name) => !used.has(name));
  const kept = empty.length === 0 ? [] : await keepFolders(empty, options.cacheDirectory);
  return { digest, files: [...files, ...kept].sort((one, other) => (one.path < other.path ? -1 : 1)) };
}

/**
 * Digests one file, for example an existing archive; an unchanged one isn't read.
 *
 * @param options where and how
 * @returns the SHA-256 of its bytes, 64 hexadecimal digits
 * @throws ModelError if there is no such file or it changes meanwhile; the signal's reason if it is aborted
 */
export async function digestFile(file: string, options: WorkOptions): Promise<string> {
  const listed = listFile(file);
  const digests = await digestAll([listed], new DigestCache(options.cacheDirectory, listed.file), options);
  return digests.get(listed.path) ?? "";
}

const KEEP = "Keeps the folder, which S3 would not do by itself.\n";

async function digestAll(
  files: readonly FolderFile[],
  cache: DigestCache,
  options: WorkOptions,
): Promise<ReadonlyMap<string, string>> {
  const readAt = Date.now();
  const digests = new Map<string, string>();
  const unknown = files.filter((file) => {
    const digest = cache.digestOf(file);
    if (digest !== undefined) digests.set(file.path, digest);
    return digest === undefined;
  });
  if (unknown.length === 0) return digests;
  const progress = new ProgressCounter(unknown, options);
  const pool = new BufferPool(PIECE_BYTES);
  for (const file of unknown) {
    const hash = createHash("sha256");
    for await (const piece of readPieces(file, (size) => pool.take(size))) {
      hash.update(piece);
      pool.give(piece);
      progress.add(piece.length);
    }
    const digest = hash.digest("hex");
    digests.set(file.path, digest);
    cache.remember(file, digest, readAt);
  }
  await cache.save();
  return digests;
}

function parentOf({ path: name }: { readonly path: string }): string {
  return path.posix.dirname(name);
}

async function keepFolders(folders: readonly string[], cacheDirectory: string): Promise<readonly ModelFile[]> {
  const file = await writeWhole(cacheDirectory, async (handle) => {
    await handle.writeFile(KEEP);
    return "keep";
  });
  const digest = createHash("sha256").update(KEEP).digest("hex");
  return folders.map((folder) => ({ path: `${folder}/.keep`, file, digest, size: KEEP.length }));
}
