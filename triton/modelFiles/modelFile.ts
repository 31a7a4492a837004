import type { EnvironmentFile } from "./environment.ts";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";
import type { OnnxFile } from "./onnx.ts";
import type { SavedModelFile } from "./savedModel.ts";
import { readTensorRt, type TensorRtFile } from "./tensorRt.ts";
import { readTorch, type TorchFile } from "./torch.ts";

/** The kinds of model files that the checks read. */
export type ModelFormat = "onnx" | "torch" | "tensorrt" | "savedmodel";

/** What a model's file says of itself, or the environment that a Python model brings along. */
export type ModelFile = OnnxFile | TorchFile | TensorRtFile | SavedModelFile | EnvironmentFile | DamagedFile;

/** A file that its backend could not load. */
export interface DamagedFile {
  readonly format: "damaged";
  /** What is wrong with it, to be read after the file's name. */
  readonly reason: string;
}

/**
 * The format that a file of a repository has by its name. Which files the backends load is known only once every
 * configuration is read, and an archive gives its files in any order.
 *
 * @param path the file's path inside the repository
 * @returns the format; `undefined` where the file lies in no version's folder or its name says nothing
 */
export function usualFormat(path: string): ModelFormat | undefined {
  const [, extension = ""] = /^[^/]+\/[^/]+\/.*\.(\w+)$/.exec(path) ?? [];
  if (path.endsWith("/saved_model.pb")) return "savedmodel";
  const formats: Readonly<Record<string, ModelFormat>> = { onnx: "onnx", pt: "torch", plan: "tensorrt" };
  return Object.hasOwn(formats, extension) ? formats[extension] : undefined;
}

/**
 * Reads what a model says of itself in its file, and no more of it than that takes.
 *
 * @param format the format that its backend expects
 * @param reader the file, from its beginning
 * @returns what it says, or why its backend could not load it
 */
export function readModelFile(format: ModelFormat, reader: ForwardReader): Promise<ModelFile> {
  return orDamaged(reader, readers[format]);
}

/**
 * Reads a file that may be damaged.
 *
 * @param reader the file, from its beginning
 * @param read reads it where it is neither empty nor a mere pointer to another; may throw a DamagedFileError
 * @returns what it says, or why nothing could load it
 */
export async function orDamaged(
  reader: ForwardReader,
  read: (reader: ForwardReader) => Promise<ModelFile>,
): Promise<ModelFile> {
  try {
    if (reader.size === 0) throw new DamagedFileError("it is empty");
    const beginning = Buffer.from(await reader.peek(GIT_POINTER.length)).toString("latin1");
    if (beginning === GIT_POINTER)
      throw new DamagedFileError("it is only Git LFS's pointer to the file, which `git lfs pull` fetches");
    return await read(reader);
  } catch (error) {
    if (error instanceof DamagedFileError) return { format: "damaged", reason: error.message };
    throw error;
  }
}

/** What stands in a file's place while Git LFS has not fetched it: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const GIT_POINTER = "version https://git-lfs.github.com/spec/";

const readers: Readonly<Record<ModelFormat, (reader: ForwardReader) => Promise<ModelFile>>> = {
  // What reads protobuf takes a while to load, and most repositories of other models need not wait for it.
  onnx: async (reader) => (await import("./onnx.ts")).readOnnx(reader),
  savedmodel: async (reader) => (await import("./savedModel.ts")).readSavedModel(reader),
  torch: readTorch,
  tensorrt: readTensorRt,
};
