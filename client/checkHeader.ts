import { InferenceError } from "./inferenceError.ts";
import { dataTypes, type TensorHeader } from "./tensorTypes.ts";

/** What a tensor is to a model. */
export type Side = "inputs" | "outputs";

/**
 * Refuses a tensor without a name, one of the data types and a shape, whatever the types of TypeScript promised.
 *
 * @param tensor what should be a tensor
 * @param side what it is to the model
 * @throws InferenceError where it is none
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
    throw new InferenceError(`tensor "${name}" has no shape that is a list of whole numbers`);
  }
}
