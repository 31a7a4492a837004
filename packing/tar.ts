import { createHash } from "node:crypto";
import { type Header, type Pack, pack } from "tar-stream";
import type { BufferPool } from "./bufferPool.ts";
import { APART_BYTES } from "./pieces.ts";
import { drained } from "./drained.ts";
import { readPieces } from "./fileReader.ts";
import type { FolderFile, FolderListing } from "./folderListing.ts";

/**
 * The tar archive of a model repository. Nothing of the disk it lies on gets into it: no times, no owners, of the mode only
 * whether a file is executable, and the order is that of the paths.
 *
 * @param listing the repository
 * @param pool where the memory of large files' pieces comes from
 * @param onFile told each file once it was read, with its SHA-256 in hexadecimal digits
 * @throws ModelError where a file changes while it is read
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

type EntryHeader = Partial<Header> & Pick<Header, "name">;
type Sink = ReturnType<Pack["entry"]>;

// Tools that make zip files of what they find, as Python's do, refuse times before 1980.
const MODIFIED = new Date("1980-01-01T00:00:00Z");
/** The largest size that fits a header's eleven octal digits; beyond it, PAX has a record of its own. */
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

/** Adds an entry. It fails, and does not wait for ever, where the archive was given up in the meantime. */
async function add(tar: Pack, header: EntryHeader, write?: (sink: Sink) => Promise<void>): Promise<void> {
  const added = Promise.withResolvers<undefined>();
  const sink = tar.entry(header, (error) => {
    if (error) added.reject(error);
    else added.resolve(undefined);
  });
  sink.on("error", added.reject);
  // Whoever is still writing is waited for first.
  added.promise.catch(() => undefined);
  await write?.(sink);
  await added.promise;
}
