/** An axis: where a value lies along it, and what is written beside it. */
export interface Scale {
  /** The values that are written, from the first to the last on the axis. */
  readonly ticks: readonly number[];
  /** Whether each step multiplies by ten. */
  readonly logarithmic: boolean;
  /** Where a value lies, from 0 to 1. */
  readonly place: (value: number) => number;
}

/**
 * Round numbers from 0 to the first beyond the greatest value.
 *
 * @param greatest the greatest value; where there is none, or it is 0, the axis ends at 1
 */
export function linearScale(greatest: number): Scale {
  const end = greatest > 0 && Number.isFinite(greatest) ? greatest : 1;
  const power = 10 ** Math.floor(Math.log10(end / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size * 6 >= end) ?? 10 * power;
  const count = Math.max(1, Math.ceil(end / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
  return { ticks, logarithmic: false, place: (value) => value / (count * step) };
}

/**
 * A linear scale or, where one value would flatten all the others, a logarithmic one.
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

/** How many times the middle value the greatest may be on a linear scale. */
const FLATTENING = 50;
