import { statfsSync } from "node:fs";

/** More than all tests write at once. */
const NEEDED_BYTES = 2 ** 31;
const memory = "/dev/shm";

// Tests make and remove thousands of small files: on a disk, that takes longer than what they test. A container's
// folder in memory may be tiny.
if (process.env.TMPDIR === undefined && freeBytes(memory) > NEEDED_BYTES) process.env.TMPDIR = memory;

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
