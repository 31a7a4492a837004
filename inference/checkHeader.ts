import { InferenceError } from "./inferenceError.ts";
import { dataTypes, type TensorHeader } from "./tensorTypes.ts";

/** Whether a tensor goes into a model or comes out of it. */
export type Side = "inputs" | "outputs";

/**
 * Checks at run time that a tensor has a name, a known data type and a shape, because callers may not use TypeScript.
 *
 * @param tensor the supposed tensor
 * @param side whether it is an input or an output, for messages
 * @throws InferenceError if one of them is missing or invalid
 */
export function checkHeader(tensor: unknown, side: Side): void {
  const { name, datatype, shape, parameters } = (tensor ?? {}) as Partial<TensorHeader>;
  if (typeof name !== "string") throw new InferenceError(`one of the ${side} has no name`);
  if (!dataTypes.some((type) => type === datatype)) {
    throw new InferenceError(
      `tensor "${name}" has the datatype ${shown(datatype)}: use one of ${dataTypes.join(", ")}`,
    );
  }
  checkShape(name, shape);
  if (typeof (parameters ?? {}) !== "object" || Array.isArray(parameters)) {
    throw new InferenceError(`tensor "${name}" has parameters that aren't an object`);
  }
}

/**
 * Checks a shape.
 *
 * @param name the tensor's name, for messages
 * @param shape the supposed shape
 * @throws InferenceError if it isn't a list of whole numbers, or is longer than any tensor's
 */
export function checkShape(name: string, shape: unknown): void {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && Number(size) >= 0)) {
    throw new InferenceError(`tensor "${name}" needs a shape that is a list of whole numbers`);
  }
  if (shape.length > mostDimensions) {
    throw new InferenceError(`tensor "${name}" has ${shape.length} dimensions, more than ${mostDimensions}`);
  }
}

/** More dimensions than any tensor has. */
export const mostDimensions = 100;

function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? "[…]" : String(value);
}
