import { unzipSync } from "fflate";
import * as path from "node:path";
import { readBounded } from "../packing/regularFile.ts";
import { systemReason } from "../text/systemError.ts";
import { decodeRequest, dataTypes, InferenceError, type DataType, type InputTensor } from "../inference/index.ts";
import type { EncodedBody, InferenceRequest } from "../inference/index.ts";
import { mapAll } from "../inference/inferenceError.ts";
import { fittedArray, shapedInput, type InputShapes } from "../inference/modelInputs.ts";
import { imageRemedy } from "./imageRemedy.ts";
import { readNpy } from "../inference/npy.ts";
import { parseJson } from "../inference/parseJson.ts";
import { elementCount } from "../inference/tensorTypes.ts";

/** A request as given on the command line. */
export interface GivenRequest {
  /** A file: KServe's JSON (`-` for standard input), `.npy` or `.npz`. Default: none. */
  readonly file?: string;
  /**
   * Inputs, each as `NAME=1,2,3`, `NAME=[[1,2],[3,4]]` or `NAME=@file`; `NAME:TYPE[SHAPE]=…` also gives type and shape.
   */
  readonly inputs: readonly string[];
}

/** A request as tensors, or a body that isn't a KServe request and is sent unchanged. */
export type ReadRequest =
  | { readonly kind: "tensors"; readonly request: InferenceRequest }
  | { readonly kind: "body"; readonly body: EncodedBody };

/**
 * Reads a request from the command line's options.
 *
 * @param given the options
 * @param model finds the deployed model's configuration when it is needed; returns `undefined` if it isn't known
 * @throws InferenceError if a file or a value can't be read or doesn't fit the model
 */
export async function readRequest(
  { file, inputs }: GivenRequest,
  model: () => Promise<InputShapes | undefined>,
): Promise<ReadRequest> {
  const extension = path.extname(file ?? "").toLowerCase();
  const isArray = extension === ".npy" || extension === ".npz";
  if (file !== undefined && !isArray) {
    if (inputs.length > 0) throw new InferenceError(`--input can't be combined with ${file}: give one of them`);
    return jsonRequest(file, file === "-" ? await standardInput() : await content(file, MOST_JSON));
  }
  // Reading a stack's model takes a second, and input with type and shape doesn't need it.
  const shapes = isArray || inputs.some(needsModel) ? await model() : undefined;
  const arrays = file === undefined ? [] : await arraysOf(file, extension, shapes);
  const given = await Promise.allSettled(inputs.map((input) => inputOf(input, shapes)));
  const all = [...mapAll(arrays, (array) => fittedArray(array, shapes)), ...mapAll(given, valueOf)];
  const names = new Set<string>();
  const twice = all.find(({ name }) => names.size === names.add(name).size);
  if (twice) throw new InferenceError(`input "${twice.name}" is given twice: remove one`);
  return { kind: "tensors", request: { inputs: all } };
}

function valueOf(settled: PromiseSettledResult<InputTensor>): InputTensor {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

function jsonRequest(file: string, bytes: Uint8Array): ReadRequest {
  let parsed: unknown;
  try {
    parsed = parseJson(Buffer.from(bytes).toString());
  } catch (error) {
    const what = error instanceof InferenceError ? "is too large" : "isn't JSON";
    throw new InferenceError(`${file === "-" ? "standard input" : file} ${what}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (typeof parsed === "object" && parsed !== null && "inputs" in parsed && Array.isArray(parsed.inputs)) {
    return { kind: "tensors", request: decodeRequest(bytes, "application/json") };
  }
  return { kind: "body", body: { body: bytes, contentType: "application/json" } };
}

async function arraysOf(file: string, extension: string, model: InputShapes | undefined): Promise<InputTensor[]> {
  const bytes = await content(file);
  if (extension === ".npz") {
    return Object.entries(unzipped(file, bytes)).map(([name, array]) => readNpy(name.replace(/\.npy$/, ""), array));
  }
  const [only, ...others] = model?.input.filter(({ optional }) => !optional) ?? [];
  if (only && others.length === 0) return [readNpy(only.name, bytes)];
  throw new InferenceError(`it isn't clear which input ${file} is for: write --input NAME=@${file}`);
}

function unzipped(file: string, bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    let size = 0;
    return unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize;
        if (size <= MOST_BYTES) return true;
        throw new Error(`its arrays have more than the ${MOST_BYTES} bytes that are read`);
      },
    });
  } catch (error) {
    throw new InferenceError(`${file} isn't a .npz file (${(error as Error).message}): write it with numpy.savez`, {
      cause: error,
    });
  }
}

async function inputOf(text: string, model: InputShapes | undefined): Promise<InputTensor> {
  const parts = split(text);
  if (!parts) throw new InferenceError(`--input "${text}" has no "=": write NAME=1,2,3 or NAME=@file`);
  const { name, datatype, shape, value } = parts;
  const header = { name, ...(datatype && { datatype }), ...(shape && { shape }) };
  if (value.startsWith("@")) {
    const file = value.slice(1);
    const bytes = await content(file);
    if (path.extname(file).toLowerCase() === ".npy") return fittedArray(readNpy(name, bytes), model);
    try {
      return shapedInput({ ...header, values: bytes }, model);
    } catch (error) {
      const remedy = imageRemedy(file, datatype ? undefined : model?.input.find((input) => input.name === name));
      if (remedy === undefined || !(error instanceof InferenceError)) throw error;
      throw new InferenceError(`${error.message}. ${remedy}`, { cause: error });
    }
  }
  if (value.startsWith("[")) {
    const nested = jsonArray(name, value);
    return shapedInput({ ...header, ...(!shape && nestedShape(name, nested)), values: nested.flat(Infinity) }, model);
  }
  return shapedInput({ ...header, values: value === "" ? [""] : value.split(",") }, model);
}

function needsModel(text: string): boolean {
  const { datatype, shape } = split(text) ?? {};
  return datatype === undefined || shape === undefined;
}

function split(text: string) {
  const types = dataTypes.join("|");
  const [, name, datatype, shape, value] =
    new RegExp(`^([^=]+?)(?::(${types}))?(?:\\[([\\d,\\s]*)\\])?=(.*)$`, "s").exec(text) ?? [];
  if (name === undefined || value === undefined) return undefined;
  return {
    name,
    value,
    datatype: datatype as DataType | undefined,
    shape: shape?.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)])),
  };
}

function jsonArray(name: string, text: string): unknown[] {
  try {
    return parseJson(text) as unknown[];
  } catch (error) {
    const what = error instanceof InferenceError ? "is too large" : "isn't a JSON array";
    throw new InferenceError(`input "${name}" ${what}: ${(error as Error).message}`, { cause: error });
  }
}

/** Only nested arrays imply a shape: a flat one is a list of values. */
function nestedShape(name: string, values: readonly unknown[]): { readonly shape?: readonly number[] } {
  if (!values.some(Array.isArray)) return {};
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  if (elementCount(shape) === values.flat(Infinity).length) return { shape };
  throw new InferenceError(`input "${name}" has rows of different lengths`);
}

/** The most of a JSON file that is read; more values than that have in binary form. */
const MOST_JSON = 2 ** 26;

/** The most of any other file that is read: a request of asynchronous inference may have 1 GB. */
const MOST_BYTES = 2 ** 30;

async function standardInput(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size > MOST_JSON) throw new InferenceError(`standard input has more than the ${MOST_JSON} bytes that are read`);
  }
  return Buffer.concat(pieces);
}

async function content(file: string, most = MOST_BYTES): Promise<Uint8Array> {
  try {
    return await readBounded(file, most);
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new InferenceError(isGone ? `there is no file ${file}` : `${file} can't be read: ${systemReason(error)}`, {
      cause: error,
    });
  }
}
