import { constants, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/**
 * Opens a file for reading. A pipe without a writer would block and a device may have no end, so both are refused.
 *
 * @param file the file
 * @throws Error with the reason, to follow the file's name, if it is something else than a file or folder; the system's
 * error if it can't be opened
 */
export async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await handle.stat();
  const kind = kindOf(stats);
  if (kind === undefined) return handle;
  await handle.close();
  throw new Error(`it is ${kind}, and a file is needed: copy its content to a file`);
}

/**
 * Reads a whole file of limited size.
 *
 * @param file the file
 * @param most the most bytes that it may have
 * @throws Error with the reason, to follow the file's name, if it is larger, or as {@link openFile} does
 */
export async function readBounded(file: string, most: number): Promise<Buffer> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    if (size > most)
      throw new Error(`it has ${size} bytes, more than the ${most} (${most / 2 ** 20} MiB) that are read`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function kindOf(stats: Stats): string | undefined {
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "a device";
  return stats.isSocket() ? "a socket" : undefined;
}
