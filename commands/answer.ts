import { plainValues, type InferenceResponse, type Tensor, type Value } from "../inference/index.ts";
import { describeBytes } from "../text/describeBytes.ts";
import { messageLine, printableLine } from "../text/printable.ts";

/**
 * Formats an answer as a table: a row for each item of the batch, a column for each tensor. A vector is a single item,
 * because the tensors of a batching model have at least two dimensions: Triton requires at least one for each item.
 *
 * @param tensors the tensors, the request's first
 * @param most the most rows and tensors. Default: 40
 * @returns the first rows of the first tensors, and how many of each there are
 */
export function answerRows(tensors: readonly Tensor[], most = 40): AnswerRows {
  const batch = tensors[0]?.shape[0] ?? 1;
  const batched = tensors.every(({ shape }) => shape.length > 1 && shape[0] === batch);
  const items = batched ? batch : 1;
  const rows = Array.from({ length: Math.min(items, most) }, (_, row) =>
    Object.fromEntries(tensors.slice(0, most).map((tensor) => [columnOf(tensor), cell(tensor, row, items)])),
  );
  return { rows, items, more: Math.max(0, tensors.length - most) };
}

/** The rows of an answer. */
export interface AnswerRows {
  /** The first items, each with a text for each tensor. */
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** The number of items. */
  readonly items: number;
  /** The number of tensors that are left out. */
  readonly more: number;
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

/** The table has no column of the name that JavaScript gives an object's prototype, so that one ends in a space. */
function columnOf({ name }: Tensor): string {
  return name === "__proto__" ? `${name} ` : messageLine(name);
}

const mostValues = 8;
const mostCharacters = 200;

function cell({ datatype, data }: Tensor, row: number, batch: number): string {
  const length = data.length / batch;
  const first = data.slice(row * length, row * length + Math.min(length, mostValues));
  const shown = plainValues(datatype, first).map(text).join(", ");
  return length > mostValues ? `${shown}, … (${length} values)` : shown;
}

/** Strings are quoted, so that one with a comma isn't taken for two. */
function text(value: Value | Uint8Array): string {
  if (value instanceof Uint8Array) return describeBytes(value);
  if (typeof value === "string") return quotedLine(value);
  return String(typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value);
}

function quotedLine(whole: string): string {
  const shown = printableLine(JSON.stringify(whole.slice(0, mostCharacters)));
  return whole.length > mostCharacters ? `${shown}… (${whole.length} characters)` : shown;
}

/**
 * Shortens text of an answer, and makes it safe for a terminal.
 *
 * @param whole the text
 */
export function shortLine(whole: string): string {
  const shown = printableLine(whole.slice(0, mostCharacters));
  return whole.length > mostCharacters ? `${shown}… (${whole.length} characters)` : shown;
}
