import { plainValues, type InferenceResponse, type Tensor, type Value } from "../inference/index.ts";
import { printableLine } from "./printable.ts";

/**
 * Formats an answer as a table: a row for each item of the batch, a column for each tensor. A vector is a single item,
 * because the tensors of a batching model have at least two dimensions: Triton requires at least one for each item.
 *
 * @param tensors the tensors, the request's first
 * @returns the rows
 */
export function answerRows(tensors: readonly Tensor[]): Record<string, string>[] {
  const batch = tensors[0]?.shape[0] ?? 1;
  const batched = tensors.every(({ shape }) => shape.length > 1 && shape[0] === batch);
  return Array.from({ length: batched ? batch : 1 }, (_, row) =>
    Object.fromEntries(tensors.map((tensor) => [printableLine(tensor.name), cell(tensor, row, batched ? batch : 1)])),
  );
}

/**
 * A response's tensors ordered by name, with strings first, so that labels come before scores.
 *
 * @param response the response
 */
export function outputsToRead({ outputs }: InferenceResponse): Tensor[] {
  const rank = ({ datatype }: Tensor) => (datatype === "BYTES" ? 0 : 1);
  return outputs.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

const mostValues = 8;
const mostCharacters = 200;

function cell({ datatype, data }: Tensor, row: number, batch: number): string {
  const length = data.length / batch;
  const first = data.slice(row * length, row * length + Math.min(length, mostValues));
  const shown = plainValues(datatype, first).map(text).join(", ");
  return length > mostValues ? `${shown}, … (${length} values)` : shown;
}

function text(value: Value): string {
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(4)));
  const whole = String(value);
  const shown = printableLine(whole.slice(0, mostCharacters));
  return whole.length > mostCharacters ? `${shown}… (${whole.length} characters)` : shown;
}
