import * as fs from "node:fs";
import { describeSystemError, systemReason } from "../text/systemError.ts";

/**
 * Tells what can't be read to its end: devices, named pipes and sockets may wait or send for ever, and the kernel's own
 * files have no size.
 *
 * @param file the path; symbolic links are followed
 * @returns for example `is a named pipe, and a file is needed`; `undefined` for files and folders, and for what can't be
 * looked at
 */
export function specialFileProblem(file: string): string | undefined {
  const stats = statsOf(file);
  const kind = stats && kinds.find(([is]) => is(stats));
  return kind && `is a ${kind[1]}, and a file is needed`;
}

/**
 * Reads a text file that people write.
 *
 * @param file the path
 * @param mostBytes its greatest size in bytes
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

const kinds: readonly (readonly [(stats: fs.Stats) => boolean, string])[] = [
  [(stats) => stats.isFIFO(), "named pipe"],
  [(stats) => stats.isSocket(), "socket"],
  [(stats) => stats.isCharacterDevice() || stats.isBlockDevice(), "device"],
];
