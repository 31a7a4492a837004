import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";

/** The metadata of a TensorRT plan. */
export interface TensorRtFile {
  readonly format: "tensorrt";
  /** The version of TensorRT that built it, for example `10.9.0`; absent if the plan doesn't contain it. */
  readonly version?: string;
}

/**
 * Reads the header of a TensorRT plan.
 * Source: `printPlanVersion` in https://github.com/NVIDIA/TensorRT/blob/main/samples/common/sampleEngines.cpp
 *
 * @param reader the file, from its beginning
 * @throws DamagedFileError if it isn't a plan
 */
export async function readTensorRt(reader: ForwardReader): Promise<TensorRtFile> {
  const head = Buffer.from(await reader.peek(28));
  const magic = head.toString("latin1", 0, 4);
  if (magic !== "ftrt" && magic !== "ptrt") throw new DamagedFileError("it isn't a TensorRT plan");
  if (head.length < 28) throw new DamagedFileError("it is truncated");
  const [major = 0, minor = 0, patch = 0] = head.subarray(24);
  // Only this version of the header is documented; in others the bytes may mean something else.
  const isKnown = magic === "ftrt" && head.readUInt32LE(4) === 1 && major >= 5 && major < 100;
  return { format: "tensorrt", ...(isKnown && { version: `${major}.${minor}.${patch}` }) };
}
