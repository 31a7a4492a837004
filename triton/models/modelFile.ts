import type { EnvironmentFile } from "./environment.ts";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";
import type { OnnxFile } from "./onnx.ts";
import type { SavedModelFile } from "./savedModel.ts";
import { readTensorRt, type TensorRtFile } from "./tensorRt.ts";
import { readTorch, type TorchFile } from "./torch.ts";
import { table } from "../../text/table.ts";

/** The kinds of model files that the checks read. */
export type ModelFormat = "onnx" | "torch" | "tensorrt" | "savedmodel";

/** The description that a model's file gives of itself, or the environment that a Python model brings along. */
export type ModelFile = OnnxFile | TorchFile | TensorRtFile | SavedModelFile | EnvironmentFile | DamagedFile;

/** A file that its backend couldn't load. */
export interface DamagedFile {
  readonly format: "damaged";
  /** The reason, to follow the file's name. */
  readonly reason: string;
}

/**
 * The format of a repository's file according to its name. Which files the backends load is only known once every
 * configuration has been read, but an archive's files come in any order.
 *
 * @param path the file's path inside the repository
 * @returns the format; `undefined` if the file isn't in a version folder or its name doesn't determine the format
 */
export function usualFormat(path: string): ModelFormat | undefined {
  const [, extension = ""] = /^[^/]+\/[^/]+\/.*\.(\w+)$/.exec(path) ?? [];
  if (path.endsWith("/saved_model.pb")) return "savedmodel";
  const formats: Readonly<Record<string, ModelFormat>> = table({ onnx: "onnx", pt: "torch", plan: "tensorrt" });
  return Object.hasOwn(formats, extension) ? formats[extension] : undefined;
}

/**
 * Reads what a model says of itself in its file, and no more of it than that takes.
 *
 * @param format the format that its backend expects
 * @param reader the file, from its beginning
 * @returns the metadata, or why its backend couldn't load the file
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

/**
 * The start of the file that Git LFS leaves until it has fetched the real one:
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
const GIT_POINTER = "version https://git-lfs.github.com/spec/";

const readers: Readonly<Record<ModelFormat, (reader: ForwardReader) => Promise<ModelFile>>> = {
  // Loading the protobuf reader takes a while, and most repositories don't need it.
  onnx: async (reader) => (await import("./onnx.ts")).readOnnx(reader),
  savedmodel: async (reader) => (await import("./savedModel.ts")).readSavedModel(reader),
  torch: readTorch,
  tensorrt: readTensorRt,
};
