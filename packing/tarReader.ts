import { BlockReader } from "./blockReader.ts";
import { decodePax } from "./paxRecords.ts";
import { BLOCK_BYTES, decodeHeader, hasChecksum, TarError, type TarHeader } from "./tarHeader.ts";

/** An entry of a tar archive. */
export interface TarEntry {
  /** The name, of any form. */
  readonly name: Buffer;
  /** The kind; `other` is a device, a named pipe, a sparse file, or a type that only some programs know. */
  readonly type: "file" | "folder" | "symlink" | "hardlink" | "other";
  /** The size of the content in bytes. */
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
  /** The target of a link. */
  readonly linkname: Buffer;
  /** The content, which can be read only once, and only before the next entry. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Streams through a tar archive, in the formats v7, ustar, GNU and PAX. It is stricter than any one program: what
 * Python's tarfile or GNU tar refuses, or the two read differently, is damage, because nobody knows what SageMaker
 * unpacks with. Nothing of an entry's name is judged here.
 *
 * @param chunks the archive, uncompressed
 * @throws TarError if it is damaged
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, undefined> {
  const reader = new BlockReader(chunks);
  try {
    for (let entry = await nextEntry(reader); entry; entry = await nextEntry(reader)) {
      const end = reader.position + entry.size;
      yield { ...entry, content: reader.pieces(entry.size) };
      await reader.skip(end - reader.position + paddingOf(entry.size));
    }
    await refuseTrailingData(reader);
  } finally {
    await reader.close();
  }
}

/** The largest name or PAX header, in bytes. */
const MAX_EXTENSION_BYTES = 2 ** 20;
/** The largest number of headers that extend one entry. */
const MAX_EXTENSIONS = 100;
/** The most zeros after the end, in bytes: GNU tar fills its last record, usually 10 KiB. */
const MAX_PADDING_BYTES = 2 ** 24;

/** The fields that the headers before an entry set. */
interface Extension {
  name?: Buffer;
  linkname?: Buffer;
  size?: number;
  sparse?: boolean;
}

async function nextEntry(reader: BlockReader): Promise<Omit<TarEntry, "content"> | undefined> {
  const extension: Extension = {};
  for (let extensions = 0; extensions <= MAX_EXTENSIONS; extensions++) {
    const header = await nextHeader(reader);
    if (!header && extensions > 0) throw new TarError("damaged", "a header that extends the next one is the last");
    if (!header) return undefined;
    if (!EXTENSIONS.includes(header.type)) return entryOf(reader, header, extension);
    if (header.size > MAX_EXTENSION_BYTES) {
      throw new TarError("damaged", `a header that extends the next one has ${header.size} bytes`);
    }
    const body = await reader.bytes(header.size);
    await reader.skip(paddingOf(header.size));
    extend(extension, header.type, body);
  }
  throw new TarError("damaged", `more than ${MAX_EXTENSIONS} headers extend one entry`);
}

/** GNU's long name and long target, PAX's records of one entry and of all, Solaris's records. */
const EXTENSIONS = ["L", "K", "x", "g", "X"];

async function nextHeader(reader: BlockReader): Promise<TarHeader | undefined> {
  const at = reader.position;
  const block = at === 0 ? await firstBlock(reader) : await reader.block();
  if (block && !hasChecksum(block)) {
    throw new TarError(at === 0 ? "not-tar" : "damaged", `the checksum of the header at byte ${at} is wrong`);
  }
  return block && decodeHeader(block);
}

async function firstBlock(reader: BlockReader): Promise<Buffer> {
  const block = await reader.block().catch((error: unknown) => {
    if (!(error instanceof TarError)) throw error;
  });
  if (!block) throw new TarError("not-tar", "it is shorter than a header");
  return block;
}

function extend(extension: Extension, type: string, body: Buffer): void {
  const end = body.indexOf(0);
  const text = end < 0 ? body : body.subarray(0, end);
  const found = type === "L" ? { name: text } : type === "K" ? { linkname: text } : extensionOf(decodePax(body));
  for (const key of Object.keys(found)) {
    if (type === "g") throw new TarError("damaged", `a global PAX header gives the ${key} of all entries`);
    // Some programs take the first, others the last.
    if (key in extension) throw new TarError("damaged", `two headers give the ${key} of one entry`);
  }
  Object.assign(extension, found);
}

function extensionOf(records: ReadonlyMap<string, Buffer>): Extension {
  const [name, linkname, size] = [records.get("path"), records.get("linkpath"), records.get("size")];
  return {
    ...(name && { name }),
    ...(linkname && { linkname }),
    ...(size && { size: Number(size.toString()) }),
    ...([...records.keys()].some((key) => key.startsWith("GNU.sparse.")) && { sparse: true }),
  };
}

async function entryOf(
  reader: BlockReader,
  header: TarHeader,
  extension: Extension,
): Promise<Omit<TarEntry, "content">> {
  const { sparse = false, ...given } = extension;
  const { name, linkname, mode, size } = { ...header, ...given };
  const type = sparse ? "other" : typeOf(header, name);
  if (header.extended) await skipSparseMap(reader);
  // Links, devices, folders and named pipes: some programs skip content, others take it for the next header.
  if (/[1-6]/.test(header.type) && size > 0) {
    throw new TarError("damaged", `${name.toString()} is no file, and has content`);
  }
  if (type === "folder" && size > 0) throw new TarError("damaged", `the folder ${name.toString()} has content`);
  return { name, type, size, mode, linkname };
}

function typeOf({ type }: TarHeader, name: Buffer): TarEntry["type"] {
  // Before POSIX, a folder was a file whose name ends in a slash.
  if (type === "\0") return name.at(-1) === SLASH ? "folder" : "file";
  return types[type] ?? "other";
}

const SLASH = 0x2f;

const types: Readonly<Record<string, TarEntry["type"] | undefined>> = {
  0: "file",
  7: "file",
  1: "hardlink",
  2: "symlink",
  5: "folder",
};

/** The map's blocks; the byte after its 21 ranges of 24 bytes says whether another one follows. */
async function skipSparseMap(reader: BlockReader): Promise<void> {
  while ((await reader.bytes(BLOCK_BYTES))[504] !== 0);
}

async function refuseTrailingData(reader: BlockReader): Promise<void> {
  let length = 0;
  for await (const piece of reader.rest()) {
    length += piece.length;
    if (length > MAX_PADDING_BYTES || !Buffer.alloc(piece.length).equals(piece)) {
      throw new TarError("damaged", "data follows its end, which nothing unpacks");
    }
  }
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
