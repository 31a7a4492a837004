import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";

/** What a TensorRT plan says of itself. */
export interface TensorRtFile {
  readonly format: "tensorrt";
  /** The version of TensorRT that made it, for example `10.9.0`; absent where the plan does not say. */
  readonly version?: string;
}

/**
 * Reads the head of a TensorRT plan.
 * Source: `printPlanVersion` in https://github.com/NVIDIA/TensorRT/blob/main/samples/common/sampleEngines.cpp
 *
 * @param reader the file, from its beginning
 * @throws DamagedFileError where it is no plan
 */
export async function readTensorRt(reader: ForwardReader): Promise<TensorRtFile> {
  const head = Buffer.from(await reader.peek(28));
  const magic = head.toString("latin1", 0, 4);
  if (magic !== "ftrt" && magic !== "ptrt") throw new DamagedFileError("it is no TensorRT plan");
  if (head.length < 28) throw new DamagedFileError("it ends early");
  const [major = 0, minor = 0, patch = 0] = head.subarray(24);
  // Only this version of the head is described; in others the bytes may mean something else.
  const isKnown = magic === "ftrt" && head.readUInt32LE(4) === 1 && major >= 5 && major < 100;
  return { format: "tensorrt", ...(isKnown && { version: `${major}.${minor}.${patch}` }) };
}
