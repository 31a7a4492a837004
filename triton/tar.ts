import { createHash } from "node:crypto";
import { type Header, type Pack, pack } from "tar-stream";
import { readPieces } from "./fileReader.ts";
import type { FolderFile, FolderListing } from "./folderListing.ts";

/** What `tarOf` is told to do with the pieces it makes. */
export interface TarOptions {
  /** Where the memory for files' pieces comes from. */
  readonly allocate?: (size: number) => Buffer;
  /** Told each file once it was read, with its SHA-256 in hexadecimal digits. */
  readonly onFile?: (file: FolderFile, digest: string) => void;
}

/**
 * The tar archive of a model repository. Nothing of the disk it lies on gets into it: no times, no owners, of the mode only
 * whether a file is executable, and the order is that of the paths.
 *
 * @param listing the repository
 * @param options what to do on the way
 * @throws ModelError where a file changes while it is read
 */
export async function* tarOf(listing: FolderListing, options: TarOptions = {}): AsyncGenerator<Buffer> {
  const tar = pack();
  const filled = fill(tar, listing, options).catch((error: unknown) => {
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

async function fill(tar: Pack, { files, directories }: FolderListing, options: TarOptions): Promise<void> {
  const entries = [...directories.map((path) => ({ path })), ...files];
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const entry of entries) {
    if ("file" in entry) {
      const digest = await addFile(tar, entry, options);
      options.onFile?.(entry, digest);
    } else await add(tar, { name: `${entry.path}/`, type: "directory", mode: 0o755, mtime: MODIFIED });
  }
  tar.finalize();
}

async function addFile(tar: Pack, file: FolderFile, { allocate }: TarOptions): Promise<string> {
  const hash = createHash("sha256");
  await add(tar, headerOf(file), async (sink) => {
    for await (const piece of readPieces(file, allocate)) {
      hash.update(piece);
      if (!sink.write(piece)) await new Promise<void>((resolve) => sink.once("drain", resolve));
    }
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

async function add(tar: Pack, header: EntryHeader, write?: (sink: Sink) => Promise<void>): Promise<void> {
  const added = Promise.withResolvers<undefined>();
  const sink = tar.entry(header, (error) => {
    if (error) added.reject(error);
    else added.resolve(undefined);
  });
  if (write) {
    await write(sink);
    sink.end(null);
  }
  await added.promise;
}
