import * as fs from "node:fs";
import { stampOf, type FolderFile } from "./folderListing.ts";
import { changedMeanwhile } from "../triton/repository/modelError.ts";
import { PIECE_BYTES } from "./pieces.ts";

/** The properties needed to read a file and to notice that it changed. */
export type ReadableFile = Pick<FolderFile, "path" | "file" | "size" | "stamp">;

/**
 * Reads a file piece by piece, one piece ahead. Files of a single piece are read synchronously, because for thousands
 * of small files the trips through the thread pool would take most of the time.
 *
 * @param file the file as listed
 * @param allocate allocates the memory for a piece of a given size
 * @throws ModelError if the file differs from its listing or changes
 */
export async function* readPieces(file: ReadableFile, allocate: (size: number) => Buffer): AsyncGenerator<Buffer> {
  if (file.size <= PIECE_BYTES) {
    if (file.size > 0) yield readSmall(file, allocate(file.size));
    return;
  }
  const handle = await fs.promises.open(file.file, FLAGS).catch(refuseGone(file));
  let ahead: Promise<Buffer> | undefined;
  const readAt = async (position: number): Promise<Buffer> => {
    const length = Math.min(PIECE_BYTES, file.size - position);
    const buffer = allocate(length);
    for (let filled = 0; filled < length;) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) throw changedMeanwhile(file.path);
      filled += bytesRead;
    }
    return buffer;
  };
  try {
    refuseChanged(file, await handle.stat({ bigint: true }));
    for (let position = 0; position < file.size; position += PIECE_BYTES) {
      const piece = await (ahead ?? readAt(position));
      const next = position + PIECE_BYTES;
      ahead = next < file.size ? readAt(next) : undefined;
      // A failure is handled when it is the piece's turn; until then nothing awaits it.
      ahead?.catch(() => undefined);
      yield piece;
    }
    refuseChanged(file, await handle.stat({ bigint: true }));
  } finally {
    await ahead?.catch(() => undefined);
    await handle.close();
  }
}

const FLAGS = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW;

function readSmall(file: ReadableFile, buffer: Buffer): Buffer {
  const descriptor = openNow(file);
  try {
    refuseChanged(file, fs.fstatSync(descriptor, { bigint: true }));
    for (let filled = 0; filled < file.size;) {
      const bytesRead = fs.readSync(descriptor, buffer, filled, file.size - filled, filled);
      if (bytesRead === 0) throw changedMeanwhile(file.path);
      filled += bytesRead;
    }
    refuseChanged(file, fs.fstatSync(descriptor, { bigint: true }));
    return buffer;
  } finally {
    fs.closeSync(descriptor);
  }
}

function openNow(file: ReadableFile): number {
  try {
    return fs.openSync(file.file, FLAGS);
  } catch (error) {
    return refuseGone(file)(error);
  }
}

/** A file that has disappeared or become a link has changed too. */
function refuseGone(file: ReadableFile): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw code === "ENOENT" || code === "ELOOP" ? changedMeanwhile(file.path) : error;
  };
}

function refuseChanged(file: ReadableFile, stats: fs.BigIntStats): void {
  if (stampOf(stats) !== file.stamp) throw changedMeanwhile(file.path);
}
