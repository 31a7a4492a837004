import * as fs from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { describeSystemError, systemReason } from "../text/systemError.ts";

/**
 * Finds paths that can't be read to their end: devices, named pipes and sockets may wait or send for ever.
 *
 * @param file symbolic links are followed
 * @returns for example `is a named pipe, and a file is needed`; `undefined` for files and folders, and for paths that
 * can't be looked at
 */
export function specialFileProblem(file: string): string | undefined {
  const stats = statsOf(file);
  return stats && specialKindProblem(stats);
}

/**
 * Reads a text file that people write.
 *
 * @throws Error with the file's name, if it can't be read, is too large, or isn't UTF-8
 */
export function readTextFile(file: string, mostBytes: number): string {
  const special = specialFileProblem(file);
  if (special !== undefined) throw new Error(`${file} ${special}`);
  const bytes = readBytes(file, mostBytes);
  if (bytes.length > mostBytes) {
    throw new Error(`${file} is too large: it may have at most ${mostBytes.toLocaleString("en")} bytes`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // The same message as for a NUL, which UTF-16 is full of.
  }
  throw new Error(`${file} isn't UTF-8 text: save it as UTF-8`);
}

/**
 * Opens a file for reading. A pipe without a writer would block and a device may have no end, so both are refused.
 *
 * @throws Error with the reason, to follow the file's name, if it is something else than a file or folder; the system's
 * error if it can't be opened
 */
export async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const problem = specialKindProblem(await handle.stat());
  if (problem === undefined) return handle;
  await handle.close();
  throw new Error(`it ${problem}: copy its content to a file`);
}

/**
 * Reads a whole file of limited size.
 *
 * @throws Error with the reason, to follow the file's name, if it is larger, or as {@link openFile} does
 */
export async function readBounded(file: string, mostBytes: number): Promise<Buffer> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    if (size > mostBytes)
      throw new Error(`it has ${size} bytes, more than the ${mostBytes} (${mostBytes / 2 ** 20} MiB) that are read`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** One byte more than allowed tells that there are more, whatever size the system gives. */
function readBytes(file: string, mostBytes: number): Uint8Array {
  try {
    const open = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(mostBytes + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = fs.readSync(open, buffer, length, buffer.length - length, null);
      }
      return buffer.subarray(0, length);
    } finally {
      fs.closeSync(open);
    }
  } catch (error) {
    throw new Error(describeSystemError(error, file) ?? `${file}: ${systemReason(error)}`, { cause: error });
  }
}

function statsOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file);
  } catch {
    return undefined;
  }
}

function specialKindProblem(stats: fs.Stats): string | undefined {
  const kind = specialKinds.find(([is]) => is(stats));
  return kind && `is a ${kind[1]}, and a file is needed`;
}

const specialKinds: readonly (readonly [(stats: fs.Stats) => boolean, string])[] = [
  [(stats) => stats.isFIFO(), "named pipe"],
  [(stats) => stats.isSocket(), "socket"],
  [(stats) => stats.isCharacterDevice() || stats.isBlockDevice(), "device"],
];
