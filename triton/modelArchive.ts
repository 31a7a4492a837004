import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { listServed } from "./folder.ts";
import type { FolderListing } from "./folderListing.ts";
import { readPieces } from "./fileReader.ts";
import { gzip } from "./gzip.ts";
import { refuseErrors } from "./modelError.ts";
import { tarOf } from "./tar.ts";

export { readModelArchive, unpackModelArchive } from "./archiveReader.ts";

/** How much of some long work is done. */
export interface Progress {
  /** The bytes done. */
  readonly bytes: number;
  /** The bytes in all. */
  readonly total: number;
}

/** Where and how a model is packed or digested. */
export interface PackOptions {
  /** The folder for digests and archives; made where it does not exist. */
  readonly cacheDirectory: string;
  /** Told about the work as it goes on; not called where nothing has to be read. Default: nobody. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the work early, with nothing left behind. Default: it is never ended. */
  readonly signal?: AbortSignal;
}

/** A packed model repository. */
export interface ModelArchive {
  /** The path of the `.tar.gz`, inside the cache. */
  readonly file: string;
  /** The content's SHA-256, 64 hexadecimal digits: of paths, bytes and executable bits, not of how they are compressed. */
  readonly digest: string;
  /** The archive's size in bytes. */
  readonly size: number;
}

/** A model repository as single files. */
export interface ModelFiles {
  /** The content's SHA-256, 64 hexadecimal digits: the same as that of the archive. */
  readonly digest: string;
  /** The files, sorted by path. */
  readonly files: readonly {
    readonly path: string;
    readonly file: string;
    readonly digest: string;
    readonly size: number;
  }[];
}

/**
 * Packs a model repository into one `.tar.gz`, or finds the one of an earlier run.
 *
 * @param directory the repository's root
 * @param options where and how
 * @throws ModelError where something in it cannot be packed or changes on the way
 */
export async function packModelRepository(directory: string, options: PackOptions): Promise<ModelArchive> {
  const listing = listServed(directory);
  refuseErrors(`${directory} cannot be packed:`, listing.problems);
  await fs.promises.mkdir(options.cacheDirectory, { recursive: true });
  const temporary = path.join(options.cacheDirectory, `${randomUUID()}.partial`);
  const digests = new Map<string, string>();
  const handle = await fs.promises.open(temporary, "wx");
  for await (const parts of gzip(tarOf(listing, { onFile: ({ path: name }, digest) => digests.set(name, digest) }))) {
    await handle.writev([...parts]);
  }
  await handle.close();
  const digest = contentDigest(listing, digests);
  const file = path.join(options.cacheDirectory, `${digest}.tar.gz`);
  await fs.promises.rename(temporary, file);
  return { file, digest, size: (await fs.promises.stat(file)).size };
}

/**
 * Digests a model repository, file by file, for a model that goes to S3 uncompressed.
 *
 * @param directory the repository's root
 * @param options where and how
 * @throws ModelError where something in it cannot be uploaded or changes on the way
 */
export async function digestModelRepository(directory: string, { signal }: PackOptions): Promise<ModelFiles> {
  signal?.throwIfAborted();
  const listing = listServed(directory);
  refuseErrors(`${directory} cannot be uploaded:`, listing.problems);
  const digests = new Map<string, string>();
  for (const file of listing.files) {
    const hash = createHash("sha256");
    for await (const piece of readPieces(file)) hash.update(piece);
    digests.set(file.path, hash.digest("hex"));
  }
  return {
    digest: contentDigest(listing, digests),
    files: listing.files.map(({ path, file, size }) => ({ path, file, size, digest: digests.get(path) ?? "" })),
  };
}

/**
 * Digests one file, for example a ready archive.
 *
 * @param file the file
 * @param options where and how
 * @returns the SHA-256 of its bytes, 64 hexadecimal digits
 */
export async function digestFile(file: string, { signal }: PackOptions): Promise<string> {
  signal?.throwIfAborted();
  const hash = createHash("sha256");
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function contentDigest({ files, directories }: FolderListing, digests: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const directory of directories) hash.update(`directory ${directory}\0`);
  for (const { path, executable } of files) {
    hash.update(`${executable ? "executable" : "file"} ${digests.get(path) ?? ""} ${path}\0`);
  }
  return hash.digest("hex");
}
