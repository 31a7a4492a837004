import type { ModelConfig, ModelTensor } from "../triton/config/modelConfig.ts";
import { InferenceError } from "./inferenceError.ts";
import { kserveType } from "./kserveType.ts";
import { widened } from "./tensorBytes.ts";
import { elementCount, type DataType, type InputTensor, type TensorInput, type Value } from "./tensorTypes.ts";
import { table } from "../text/table.ts";

/** The part of a model's configuration that a request must fit. */
export type InputShapes = Pick<ModelConfig, "max_batch_size" | "input">;

/** A tensor's values, before they get a type and a shape from the model's configuration. */
export interface GivenValues {
  /** The input's name. */
  readonly name: string;
  /** Its type, if the user gives it. */
  readonly datatype?: DataType;
  /** Its shape, if the user gives it or the values are nested. */
  readonly shape?: readonly number[];
  /** The values: texts as typed, or a file's bytes. */
  readonly values: readonly string[] | readonly unknown[] | Uint8Array;
}

/**
 * Gives values the type and shape that the deployed model expects.
 *
 * @param given the values
 * @param model the model's configuration; if it isn't known, type and shape must be given
 * @throws InferenceError if they can't fit
 */
export function shapedInput(given: GivenValues, model?: InputShapes): InputTensor {
  const { name } = given;
  // If the user gives the type, no configuration is needed, and the user may know the model better.
  const input = given.datatype ? model?.input.find((one) => one.name === name) : inputOf(name, model);
  const datatype = given.datatype ?? (input && kserveType(input.data_type));
  if (datatype === undefined) {
    throw new InferenceError(
      model
        ? `the type of input "${name}" isn't known, because neither the model's config.pbtxt nor its file names its inputs: write it as ${name}:FP32=…`
        : `the type of input "${name}" isn't known, because the model's configuration isn't: write it as ${name}:FP32=…, or give --stack or --model-repository`,
    );
  }
  const header = { name, datatype };
  if (given.values instanceof Uint8Array) return fileInput(header, given.values, given.shape, input, model);
  const data = given.values.map((value) => typedValue(name, datatype, value));
  return { ...header, data, shape: given.shape ?? shapeFor(name, data.length, input, model) };
}

/**
 * Fits a numpy array to the model: its numbers are converted to the model's type, and the batch dimension is added if
 * only that is missing.
 *
 * @param array the array
 * @param model the model's configuration; if it isn't known, the array isn't changed
 * @throws InferenceError if the model has no such input, or a value doesn't fit its type
 */
export function fittedArray(array: InputTensor, model?: InputShapes): InputTensor {
  const input = inputOf(array.name, model);
  if (!input || !model) return array;
  const datatype = kserveType(input.data_type);
  const lacksBatch = model.max_batch_size > 0 && array.shape.length === input.dims.length;
  const shape = lacksBatch ? [1, ...array.shape] : array.shape;
  return { name: array.name, datatype, shape, data: convertible(array, datatype) };
}

/** 16-bit floats are read as raw bits, which can only be passed on if the model's type is the same. */
function convertible({ datatype, data }: InputTensor, to: DataType): TensorInput {
  if (datatype === to) return data;
  if (datatype === "UINT16" && (to === "FP16" || to === "BF16")) return Float32Array.from(data as Uint16Array);
  return ArrayBuffer.isView(data) ? widened(datatype, data as Uint8Array) : data;
}

function inputOf(name: string, model: InputShapes | undefined): ModelTensor | undefined {
  const input = model?.input.find((one) => one.name === name);
  // If a configuration names no inputs, only the running model knows them.
  if (!model || model.input.length === 0 || input) return input;
  const names = model.input.map((one) => one.name).join(", ");
  throw new InferenceError(`the model has no input "${name}": it has ${names}`);
}

function fileInput(
  header: { readonly name: string; readonly datatype: DataType },
  bytes: Uint8Array,
  shape: readonly number[] | undefined,
  input: ModelTensor | undefined,
  model: InputShapes | undefined,
): InputTensor {
  if (header.datatype === "BYTES") {
    return { ...header, data: [bytes], shape: shape ?? shapeFor(header.name, 1, input, model) };
  }
  throw new InferenceError(
    `input "${header.name}" is of type ${header.datatype}, but a file's bytes are of type BYTES: give a .npy file`,
  );
}

function shapeFor(
  name: string,
  count: number,
  input: ModelTensor | undefined,
  model: InputShapes | undefined,
): readonly number[] {
  if (!input || !model) return [count];
  const { dims } = input;
  const open = dims.filter((dim) => dim < 0).length;
  const known = elementCount(dims.filter((dim) => dim >= 0));
  const batched = model.max_batch_size > 0;
  if (open > 1) {
    throw new InferenceError(
      `input "${name}" has the shape [${dims.join(", ")}], in which several dimensions are open: write it as ${name}[1,2,3]=…`,
    );
  }
  if (known === 0 || count % known !== 0 || (open === 0 && !batched && count !== known)) {
    const needed = open > 0 || batched ? `a multiple of ${known}` : `${known}`;
    throw new InferenceError(`input "${name}" has ${count} values, but its shape [${dims.join(", ")}] takes ${needed}`);
  }
  const rest = count / known;
  if (open === 0) return batched ? [rest, ...dims] : dims;
  const filled = dims.map((dim) => (dim < 0 ? rest : dim));
  return batched ? [1, ...filled] : filled;
}

function typedValue(name: string, datatype: DataType, value: unknown): Value {
  if (datatype === "BYTES") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value !== "string") return value as Value;
  const text = value.trim();
  const problem = (needed: string) =>
    new InferenceError(`input "${name}" has the value "${value}", but ${datatype} takes ${needed}`);
  if (datatype === "BOOL") {
    if (!/^(true|false|1|0)$/i.test(text)) throw problem("true or false, 1 or 0");
    return text === "1" || text.toLowerCase() === "true";
  }
  if (/^[BF]/.test(datatype)) {
    const spelled = spelledFloats[text.toLowerCase().replace(/^\+/, "")];
    if (text === "" || (spelled === undefined && Number.isNaN(Number(text)))) throw problem("numbers");
    return spelled ?? Number(text);
  }
  if (!/^[+-]?\d+$/.test(text)) throw problem("whole numbers");
  return BigInt(text.replace(/^\+/, ""));
}

const spelledFloats: Readonly<Record<string, number>> = table({
  nan: Number.NaN,
  inf: Infinity,
  infinity: Infinity,
  "-inf": -Infinity,
  "-infinity": -Infinity,
});
