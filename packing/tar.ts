import { createHash } from "node:crypto";
import { type Header, type Pack, pack } from "tar-stream";
import type { BufferPool } from "./bufferPool.ts";
import { APART_BYTES } from "./pieces.ts";
import { drained } from "./drained.ts";
import { readPieces } from "./fileReader.ts";
import type { FolderFile, FolderListing } from "./folderListing.ts";

/**
 * The tar archive of a model repository. It is independent of the file system: no times, no owners, only the executable
 * bit of the mode, and ordered by path.
 *
 * @param listing the repository
 * @param pool provides the memory for the pieces of large files
 * @param onFile called with each file after it was read, and its SHA-256 in hexadecimal digits
 * @throws ModelError if a file changes while it is read
 */
export async function* tarOf(
  listing: FolderListing,
  pool: BufferPool,
  onFile: (file: FolderFile, digest: string) => void,
): AsyncGenerator<Buffer> {
  const tar = pack();
  const filled = fill(tar, listing, pool, onFile).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const block of tar) yield block as Buffer;
  } finally {
    tar.destroy(null);
    await filled;
  }
}

/** An upper bound of the archive's bytes, so that a small model takes no more memory than it needs. */
export function tarBytes({ files, directories }: FolderListing): number {
  const content = files.reduce((sum, { size }) => sum + size, 0);
  return content + (files.length + directories.length + 1) * MAX_OVERHEAD_BYTES;
}

type EntryHeader = Partial<Header> & Pick<Header, "name">;
type Sink = ReturnType<Pack["entry"]>;

// Some tools that create zip files, such as Python's, refuse times before 1980.
const MODIFIED = new Date("1980-01-01T00:00:00Z");
/** A header, its PAX records with the longest path, and the padding of both and of the content. */
const MAX_OVERHEAD_BYTES = 4096;
/** The largest size that fits a header's eleven octal digits; larger ones need a PAX record. */
const MAX_OCTAL_SIZE = 0o77777777777;

async function fill(
  tar: Pack,
  { files, directories }: FolderListing,
  pool: BufferPool,
  onFile: (file: FolderFile, digest: string) => void,
): Promise<void> {
  const entries = [...directories.map((path) => ({ path })), ...files];
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const entry of entries) {
    if ("file" in entry) {
      onFile(entry, await addFile(tar, entry, pool));
    } else await add(tar, { name: `${entry.path}/`, type: "directory", mode: 0o755, mtime: MODIFIED });
  }
  tar.finalize();
}

async function addFile(tar: Pack, file: FolderFile, pool: BufferPool): Promise<string> {
  const hash = createHash("sha256");
  const allocate = (size: number): Buffer => (size < APART_BYTES ? Buffer.allocUnsafe(size) : pool.take(size));
  await add(tar, headerOf(file), async (sink) => {
    for await (const piece of readPieces(file, allocate)) {
      hash.update(piece);
      if (!sink.write(piece) && !sink.destroying) await drained(sink);
      if (sink.destroying) return;
    }
    sink.end(null);
  });
  return hash.digest("hex");
}

function headerOf({ path, size, executable }: FolderFile): EntryHeader {
  return {
    name: path,
    type: "file",
    mode: executable ? 0o755 : 0o644,
    mtime: MODIFIED,
    size,
    ...(size > MAX_OCTAL_SIZE && { pax: { size } }),
  };
}

/** Adds an entry. Fails instead of waiting forever if the archive has been abandoned in the meantime. */
async function add(tar: Pack, header: EntryHeader, write?: (sink: Sink) => Promise<void>): Promise<void> {
  const added = Promise.withResolvers<undefined>();
  const sink = tar.entry(header, (error) => {
    if (error) added.reject(error);
    else added.resolve(undefined);
  });
  sink.on("error", added.reject);
  // Wait for pending writes first.
  added.promise.catch(() => undefined);
  await write?.(sink);
  await added.promise;
}
