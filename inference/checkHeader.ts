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
  const { name, datatype, shape } = (tensor ?? {}) as Partial<TensorHeader>;
  if (typeof name !== "string") throw new InferenceError(`one of the ${side} has no name`);
  if (!dataTypes.some((type) => type === datatype)) {
    throw new InferenceError(
      `tensor "${name}" has the datatype ${String(datatype)}: use one of ${dataTypes.join(", ")}`,
    );
  }
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && Number(size) >= 0)) {
    throw new InferenceError(`tensor "${name}" needs a shape that is a list of whole numbers`);
  }
}
