import * as fs from "node:fs";
import { ForwardReader } from "../triton/modelFiles/forwardReader.ts";
import { readModelFile, type ModelFile, type ModelFormat } from "../triton/modelFiles/modelFile.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";

/** How much is read after weights that are passed over, in bytes: often only the next weights' head follows. */
const LEAST_BYTES = 4096;

/** How much is read at a time where nothing is passed over, in bytes. */
const MOST_BYTES = 262_144;

/**
 * Reads what a model's file on disk says of itself, without its weights.
 *
 * @param file the path on this machine
 * @param format the format that its backend expects
 */
export async function readModelFileOnDisk(file: string, format: ModelFormat): Promise<ModelFile> {
  const handle = await fs.promises.open(file);
  try {
    const { size } = await handle.stat();
    let position = 0;
    let length = LEAST_BYTES;
    const reader = new ForwardReader(size, async (skip) => {
      position += skip;
      length = skip > 0 ? LEAST_BYTES : Math.min(MOST_BYTES, 2 * length);
      const chunk = Buffer.allocUnsafe(Math.min(length, size - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      return chunk.subarray(0, bytesRead);
    });
    return await readModelFile(format, reader);
  } finally {
    await handle.close();
  }
}

/**
 * The models' files whose names say nothing, because a configuration names them.
 *
 * @param contents the repository, with the files in `models` whose names told their format
 * @returns each file's format by its path
 */
export async function namedModelFiles(contents: RepositoryContents): Promise<ReadonlyMap<string, ModelFormat>> {
  if (![...contents.texts.values()].some((text) => text.includes("default_model_filename"))) return new Map();
  // Loading what parses configurations takes longer than all else that reads a repository.
  const { readServedModels } = await import("../triton/servedModel.ts");
  const { servedModelFiles } = await import("../triton/servedModelFiles.ts");
  const unread = readServedModels(contents)
    .flatMap(servedModelFiles)
    .filter(({ path, content }) => !content && contents.files.has(path));
  return new Map(unread.map(({ path, format }) => [path, format]));
}
