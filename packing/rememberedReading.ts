import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { ModelFile } from "../triton/models/modelFile.ts";
import { cacheDirectory } from "./cacheDirectory.js";
import { listFile } from "./folderListing.ts";
import { writeWhole } from "./partialFile.ts";

/** Smaller files are faster to read than to look up, in bytes. */
const LEAST_REMEMBERED_BYTES = 2 ** 22;

/**
 * The coarsest clock of a file system, in milliseconds: a file that just changed could change again and look the same.
 */
const COARSEST_CLOCK_IN_MILLISECONDS = 2000;

/** Stored results are only valid for the same version of the reader. */
const FORMAT = 2;

/**
 * Reads a file that takes seconds to read, or returns an earlier run's result if the file hasn't changed since.
 *
 * @param file the path on this machine
 * @param read reads it
 */
export async function rememberedReading(file: string, read: () => Promise<ModelFile>): Promise<ModelFile> {
  const listed = listFile(file);
  if (listed.size < LEAST_REMEMBERED_BYTES) return read();
  const directory = cacheDirectory("environments");
  const name = `${createHash("sha256").update(listed.file).digest("hex").slice(0, 16)}.json`;
  const stored = await readStored(path.join(directory, name));
  if (stored?.format === FORMAT && stored.stamp === listed.stamp) return stored.content;
  const begun = Date.now();
  const content = await read();
  const isSettled = listed.changedAt + COARSEST_CLOCK_IN_MILLISECONDS < begun && listFile(file).stamp === listed.stamp;
  if (isSettled) await store(directory, name, { format: FORMAT, stamp: listed.stamp, content });
  return content;
}

interface Stored {
  readonly format: number;
  readonly stamp: string;
  readonly content: ModelFile;
}

async function readStored(file: string): Promise<Stored | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Stored;
  } catch {
    // Missing or truncated: read it again.
    return undefined;
  }
}

/** If the folder isn't writable, the file is read again next time. */
async function store(directory: string, name: string, stored: Stored): Promise<void> {
  await writeWhole(directory, async (handle) => {
    await handle.writeFile(JSON.stringify(stored));
    return name;
  }).catch(() => undefined);
}
