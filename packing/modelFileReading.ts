import * as fs from "node:fs";
import { ForwardReader } from "../triton/models/forwardReader.ts";
import { orDamaged, readModelFile, type ModelFile, type ModelFormat } from "../triton/models/modelFile.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";

/** The number of bytes to read after skipped weights: often only the next weights' header follows. */
const LEAST_BYTES = 4096;

/** The number of bytes to read at a time if nothing is skipped. */
const MOST_BYTES = 262_144;

/** The formats that are read: models, and the environments that Python ones bring along. */
export type ReadFormat = ModelFormat | "environment";

/**
 * Reads what a file says of itself, without weights.
 *
 * @param format what it is
 * @param reader the file, from its beginning
 */
export async function readFormat(format: ReadFormat, reader: ForwardReader): Promise<ModelFile> {
  if (format !== "environment") return readModelFile(format, reader);
  const { readEnvironment } = await import("./environmentReading.ts");
  return orDamaged(reader, readEnvironment);
}

/**
 * Reads the metadata of a model's file on disk, without its weights.
 *
 * @param file the path on this machine
 * @param format what it is
 */
export async function readModelFileOnDisk(file: string, format: ReadFormat): Promise<ModelFile> {
  if (format !== "environment") return readNow(file, format);
  // All of a large archive has to be decompressed.
  const { rememberedReading } = await import("./rememberedReading.ts");
  return rememberedReading(file, () => readNow(file, format));
}

async function readNow(file: string, format: ReadFormat): Promise<ModelFile> {
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
    return await readFormat(format, reader);
  } finally {
    await handle.close();
  }
}

/**
 * The files whose names say nothing, because a configuration names them: models, and Python models' environments.
 *
 * @param contents the repository, with the files whose names determine their format in `models`
 * @returns each file's format by its path
 */
export async function namedModelFiles(contents: RepositoryContents): Promise<ReadonlyMap<string, ReadFormat>> {
  const names = ["default_model_filename", "EXECUTION_ENV_PATH"];
  if (![...contents.texts.values()].some((text) => names.some((name) => text.includes(name)))) return new Map();
  // Loading the configuration parser takes longer than everything else in reading a repository.
  const { readServedModels } = await import("../triton/repository/servedModel.ts");
  const { servedModelFiles } = await import("../triton/repository/servedModelFiles.ts");
  const { executionEnvironment } = await import("../triton/models/executionEnvironment.ts");
  const models = readServedModels(contents);
  const unread = models
    .flatMap(servedModelFiles)
    .filter(({ path, content }) => !content && contents.files.has(path))
    .map(({ path, format }) => [path, format] as const);
  const environments = models.flatMap((model) => {
    const { place, kind } = executionEnvironment(model) ?? {};
    return place !== undefined && kind === "file" ? [[place, "environment"] as const] : [];
  });
  return new Map<string, ReadFormat>([...unread, ...environments]);
}
