import { plainValues, type InferenceResponse, type Tensor, type TensorData } from "./index.ts";
import { describeBytes } from "../text/describeBytes.ts";

/** How far a float may deviate from the expected one: `absolute + relative × |expected|`. */
export interface Tolerance {
  /** The allowed fraction of the expected value. 16-bit floats are allowed at least the value of their last bit. */
  readonly relative: number;
  /** The allowed deviation whatever the expected value is. */
  readonly absolute: number;
}

/** A difference between two answers. */
export interface Difference {
  /** The output's name. */
  readonly output: string;
  /**
   * Where and how it differs, to be printed right after the output's name: ` at [0, 2]: expected 1, got 2 (difference
   * 1)`.
   */
  readonly message: string;
  /** The largest difference between two of its floats; absent if no floats were compared. */
  readonly distance?: number;
}

/**
 * Compares two answers output by output: integers, booleans and bytes exactly, floats within a tolerance. NaN equals
 * NaN.
 *
 * @param expected the correct answer
 * @param got the answer to check
 * @param tolerance the tolerance for floats
 * @returns the outputs that differ, each with its first differing value; empty if the answers agree
 */
export function compareAnswers(
  expected: InferenceResponse,
  got: InferenceResponse,
  tolerance: Tolerance,
): Difference[] {
  return compare(expected, got, { tolerance, suffix: "" });
}

/**
 * Compares a model's answer with the one in its `response.json`, which is written by hand: numbers may be rounded there
 * and outputs may be missing.
 *
 * @param expected the answer in `response.json`
 * @param got the model's answer
 * @returns a line for each output that differs; empty if the answer is as expected
 */
export function answerDifferences(expected: InferenceResponse, got: InferenceResponse): string[] {
  const names = new Set(expected.outputs.map(({ name }) => name));
  const asked = { ...got, outputs: got.outputs.filter(({ name }) => names.has(name)) };
  const tolerance = { relative: 1e-3, absolute: 1e-3 };
  const suffix = `; tolerance ${tolerance.absolute} + ${tolerance.relative} × the value`;
  return compare(expected, asked, { tolerance, suffix }).map(({ output, message }) => `${output}${message}`);
}

interface Comparison {
  readonly tolerance: Tolerance;
  /** Appended to a float's difference in the message. */
  readonly suffix: string;
}

function compare(expected: InferenceResponse, got: InferenceResponse, comparison: Comparison): Difference[] {
  const [before, after] = [expected, got].map(({ outputs }) => new Map(outputs.map((output) => [output.name, output])));
  return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].flatMap((output) => {
    const difference = compareOutputs(before?.get(output), after?.get(output), comparison);
    return difference ? [{ output, ...difference }] : [];
  });
}

function compareOutputs(
  expected: Tensor | undefined,
  got: Tensor | undefined,
  { tolerance, suffix }: Comparison,
): Omit<Difference, "output"> | undefined {
  if (!expected) return { message: ": is new" };
  if (!got) return { message: ": is missing" };
  if (expected.datatype !== got.datatype) return { message: `: expected ${expected.datatype}, got ${got.datatype}` };
  const [shape = "", other = ""] = [expected, got].map((tensor) => `[${tensor.shape.join(", ")}]`);
  if (shape !== other) return { message: `: expected the shape ${shape}, got ${other}` };
  const floats = isFloats(expected.data);
  const differs = floats
    ? (index: number) => !isClose(expected, got, index, tolerance)
    : (index: number) => !isSame(expected.data[index], got.data[index]);
  let [wrong, first, distance] = [0, 0, 0];
  for (let index = 0; index < expected.data.length; index += 1) {
    if (!differs(index)) continue;
    if (wrong === 0) first = index;
    wrong += 1;
    if (floats) distance = Math.max(distance, distanceAt(expected, got, index) || 0);
  }
  if (wrong === 0) return undefined;
  const more = wrong === 1 ? "" : `, and ${wrong - 1} more of ${expected.data.length}`;
  const difference = shownDifference(expected, got, first, floats ? suffix : "");
  const message = `${placeOf(expected, first)}: expected ${shown(expected, first)}, got ${shown(got, first)}${difference}${more}`;
  return floats ? { message, distance } : { message };
}

function isFloats(data: TensorData): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}

function isSame(expected: unknown, got: unknown): boolean {
  return expected instanceof Uint8Array && got instanceof Uint8Array
    ? Buffer.compare(expected, got) === 0
    : expected === got;
}

function isClose(expected: Tensor, got: Tensor, index: number, { relative, absolute }: Tolerance): boolean {
  const [one, other] = [Number(expected.data[index]), Number(got.data[index])];
  if (Object.is(one, other) || one === other) return true;
  if (!Number.isFinite(one) || !Number.isFinite(other)) return false;
  const part = Math.max(relative, lastBit[expected.datatype] ?? 0);
  return Math.abs(one - other) <= absolute + part * Math.abs(one);
}

function distanceAt(expected: Tensor, got: Tensor, index: number): number {
  return Math.abs(Number(expected.data[index]) - Number(got.data[index]));
}

const lastBit: Readonly<Record<string, number>> = { FP16: 2 ** -10, BF16: 2 ** -7 };

/** The index within the tensor's shape, as numpy counts: ` at [1, 0]`; nothing in a scalar. */
function placeOf({ shape }: Tensor, index: number): string {
  if (shape.length === 0) return "";
  let rest = index;
  const place = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return ` at [${place.reverse().join(", ")}]`;
}

/** The difference between two numbers; empty for text, NaN and infinity. */
function shownDifference(expected: Tensor, got: Tensor, index: number, suffix: string): string {
  const [one, other] = [expected.data[index], got.data[index]];
  if (expected.datatype === "BOOL") return "";
  if (typeof one === "bigint" && typeof other === "bigint") {
    return ` (difference ${one < other ? other - one : one - other})`;
  }
  const distance = distanceAt(expected, got, index);
  return Number.isFinite(distance) ? ` (difference ${Number(distance.toPrecision(4))}${suffix})` : "";
}

function shown({ datatype, data }: Tensor, index: number): string {
  const [text = ""] = plainValues(datatype, data.slice(index, index + 1)).map((value) => {
    if (typeof value === "string") return JSON.stringify(value);
    if (value instanceof Uint8Array) return describeBytes(value);
    return data instanceof Float32Array ? shortest(Number(value)) : String(value);
  });
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A 32-bit float in the fewest digits that identify it, as people write it: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(value);
}
