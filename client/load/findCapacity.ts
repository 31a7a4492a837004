import type { LoadResult } from "./generateLoad.ts";

/** What a server must keep to. */
export interface CapacityOptions {
  /** The greatest p99 latency, in milliseconds. */
  readonly p99InMilliseconds: number;
  /** The first rate, in requests a second. Default: 8. */
  readonly startRate?: number;
  /** The greatest rate tried. Default: 10000. */
  readonly maxRate?: number;
  /** Ends it early; the run that it breaks off says nothing of its rate and doesn't count. */
  readonly signal?: AbortSignal;
}

/** One rate that was tried. */
export interface CapacityStep {
  /** Requests a second. */
  readonly rate: number;
  /** Whether the server kept to the bound. */
  readonly kept: boolean;
  /** What the load showed. */
  readonly result: LoadResult;
}

/** What was found. */
export interface Capacity {
  /** The greatest rate that the server kept to, in requests a second; 0 where it kept to none. */
  readonly rate: number;
  /** Whether the greatest rate tried was kept to, so that the capacity may lie above. */
  readonly isLowerBound: boolean;
  /** Whether it was ended early, so that the capacity may lie above. */
  readonly endedEarly: boolean;
  /** The rates tried, in order. */
  readonly steps: readonly CapacityStep[];
}

/**
 * Finds the greatest rate at which the p99 latency keeps to a bound: doubles the rate until it doesn't twice in a row, then
 * halves what lies between four times, which leaves a sixteenth of it open.
 *
 * @param load tries a rate
 * @param options the bound, and the rates tried
 */
export async function findCapacity(
  load: (rate: number) => Promise<LoadResult>,
  options: CapacityOptions,
): Promise<Capacity> {
  const { p99InMilliseconds, startRate = 8, maxRate = 10_000, signal } = options;
  const steps: CapacityStep[] = [];
  const once = async (rate: number): Promise<boolean> => {
    if (signal?.aborted) return false;
    const result = await load(rate);
    if (signal?.aborted) return false;
    const kept = keepsTo(result, rate, p99InMilliseconds);
    steps.push({ rate, kept, result });
    return kept;
  };
  // Beyond the bound once may be the network's or a neighbour's doing.
  const tried = async (rate: number): Promise<boolean> => (await once(rate)) || once(rate);
  let low = 0;
  let high = Math.min(startRate, maxRate);
  while (await tried(high)) {
    low = high;
    if (high >= maxRate) return { rate: low, isLowerBound: true, endedEarly: false, steps };
    high = Math.min(2 * high, maxRate);
  }
  for (let halving = 0; halving < 4; halving += 1) {
    const rate = Number(((low + high) / 2).toPrecision(3));
    if (rate <= low || rate >= high) break;
    if (await tried(rate)) low = rate;
    else high = rate;
  }
  return { rate: low, isLowerBound: false, endedEarly: signal?.aborted === true, steps };
}

/** One failure in a thousand, or a twentieth of the answers late, is too much at any latency. */
function keepsTo({ latency, failures, succeeded, throughput }: LoadResult, rate: number, bound: number): boolean {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return (
    latency !== undefined &&
    latency.p99 <= bound &&
    failed <= (failed + succeeded) / 1000 &&
    throughput >= 0.95 * rate - 1
  );
}
