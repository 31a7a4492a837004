import type { InferenceResponse, Tensor, TensorData } from "../inference.ts";
import { plainValues } from "../inference.ts";

/** How far a float may be from the one before: `absolute + relative × |before|`. */
export interface Tolerance {
  /** The part of the value before. 16-bit floats get at least what their last bit is worth. */
  readonly relative: number;
  /** What is allowed in any case. */
  readonly absolute: number;
}

/** A way in which two answers differ. */
export interface Difference {
  /** The output. */
  readonly output: string;
  /** What differs, as words after the output's name. */
  readonly message: string;
  /** The greatest distance between two of its floats; absent where no floats were compared. */
  readonly distance?: number;
}

/**
 * Compares two answers, output by output: integers, truth values and bytes to the last bit, floats to a tolerance. NaN equals NaN.
 *
 * @param before the answer that was captured
 * @param after the candidate's answer
 * @param tolerance how far floats may be apart
 * @returns the outputs that differ; none where the answers say the same
 */
export function compareAnswers(
  before: InferenceResponse,
  after: InferenceResponse,
  tolerance: Tolerance,
): Difference[] {
  const names = new Set([...before.outputs, ...after.outputs].map(({ name }) => name));
  return [...names].flatMap((output) => {
    const [one, other] = [before, after].map(({ outputs }) => outputs.find(({ name }) => name === output));
    const difference = compareOutputs(one, other, tolerance);
    return difference ? [{ output, ...difference }] : [];
  });
}

function compareOutputs(
  before: Tensor | undefined,
  after: Tensor | undefined,
  tolerance: Tolerance,
): Omit<Difference, "output"> | undefined {
  if (!before) return { message: "is new" };
  if (!after) return { message: "is missing" };
  if (before.datatype !== after.datatype) return { message: `was ${before.datatype} and is ${after.datatype}` };
  const shapes = [before.shape, after.shape].map((shape) => `[${shape.join(", ")}]`);
  if (shapes[0] !== shapes[1]) return { message: `had the shape ${shapes[0] ?? ""} and has ${shapes[1] ?? ""}` };
  const differs = isFloats(before.data)
    ? (index: number) => !isClose(before, after, index, tolerance)
    : (index: number) => !isSame(before.data[index], after.data[index]);
  const wrong = indices(before.data).filter(differs);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const count = wrong.length === 1 ? "" : ` (and ${wrong.length - 1} more of ${before.data.length})`;
  const was = shown(before, first);
  const message = `was ${was} and is ${shown(after, first)} at ${first}${count}`;
  if (!isFloats(before.data)) return { message };
  const distances = wrong.map((index) => distanceAt(before, after, index));
  return {
    message,
    distance: Math.max(0, ...distances.slice(0, 10_000).filter((distance) => !Number.isNaN(distance))),
  };
}

function indices({ length }: TensorData): number[] {
  return Array.from({ length }, (_, index) => index);
}

function isFloats(data: TensorData): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}

function isSame(before: unknown, after: unknown): boolean {
  return before instanceof Uint8Array && after instanceof Uint8Array
    ? Buffer.compare(before, after) === 0
    : before === after;
}

function isClose(before: Tensor, after: Tensor, index: number, { relative, absolute }: Tolerance): boolean {
  const [was, is] = [Number(before.data[index]), Number(after.data[index])];
  if (Object.is(was, is) || was === is) return true;
  if (!Number.isFinite(was) || !Number.isFinite(is)) return false;
  const part = Math.max(relative, lastBit[before.datatype] ?? 0);
  return Math.abs(was - is) <= absolute + part * Math.abs(was);
}

function distanceAt(before: Tensor, after: Tensor, index: number): number {
  return Math.abs(Number(before.data[index]) - Number(after.data[index]));
}

const lastBit: Readonly<Record<string, number>> = { FP16: 2 ** -10, BF16: 2 ** -7 };

function shown({ datatype, data }: Tensor, index: number): string {
  const [text = ""] = plainValues(datatype, data.slice(index, index + 1)).map((value) =>
    typeof value === "string" ? JSON.stringify(value) : String(value),
  );
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
