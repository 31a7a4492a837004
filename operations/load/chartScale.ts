/** An axis: its ticks, and the position of a value along it. */
export interface Scale {
  /** The labelled values, in the axis's order. */
  readonly ticks: readonly number[];
  /** Whether the axis is logarithmic, with each tick ten times the one before. */
  readonly logarithmic: boolean;
  /** The position of a value, from 0 to 1. */
  readonly place: (value: number) => number;
}

/**
 * A linear scale from 0 to a value, with ticks at round numbers.
 *
 * @param end the value; without one, or if it is 0, the axis ends at 1
 */
export function linearScaleTo(end: number): Scale {
  const length = end > 0 && Number.isFinite(end) ? end : 1;
  const { step } = roundSteps(length);
  return { ...linearTicks(step, Math.floor(length / step + 1e-9)), place: (value) => value / length };
}

/**
 * A linear scale with ticks at round numbers, from 0 to the first beyond the greatest value.
 *
 * @param greatest the greatest value; without one, or if it is 0, the axis ends at 1
 */
export function linearScale(greatest: number): Scale {
  const { step, count } = roundSteps(greatest > 0 && Number.isFinite(greatest) ? greatest : 1);
  return { ...linearTicks(step, count), place: (value) => value / (count * step) };
}

function linearTicks(step: number, count: number): Omit<Scale, "place"> {
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
  return { ticks, logarithmic: false };
}

/** Four to six round steps, the last of which ends at or beyond a value. */
function roundSteps(end: number): { step: number; count: number } {
  const power = 10 ** Math.floor(Math.log10(end / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size * 6 >= end) ?? 10 * power;
  return { step, count: Math.max(1, Math.ceil(end / step - 1e-9)) };
}

/**
 * A linear scale, or a logarithmic one if a single large value would flatten all the others.
 *
 * @param values the values, none of them negative
 */
export function scaleFor(values: readonly number[]): Scale {
  const sorted = values.filter((value) => value > 0).toSorted((one, other) => one - other);
  const [least = 1] = sorted;
  const greatest = sorted.at(-1) ?? 1;
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 1;
  if (greatest <= FLATTENING * middle) return linearScale(greatest);
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(greatest));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number((10 ** (first + index)).toPrecision(1)));
  const place = (value: number) =>
    Math.max(0, (Math.log10(Math.max(value, Number.MIN_VALUE)) - first) / (last - first));
  return { ticks, logarithmic: true, place };
}

/** How many times the median the greatest value may be on a linear scale. */
const FLATTENING = 50;
