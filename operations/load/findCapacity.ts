import type { LoadResult } from "./generateLoad.ts";

/** The latency bound and the rates to try. */
export interface CapacityOptions {
  /** The highest acceptable p99 latency, in milliseconds. */
  readonly p99InMilliseconds: number;
  /** The first rate to try, in requests a second. Default: 8. */
  readonly startRate?: number;
  /** The highest rate to try. Default: 10000. */
  readonly maxRate?: number;
  /** Ends the search early; the interrupted run says nothing about its rate and doesn't count. */
  readonly signal?: AbortSignal;
}

/** One rate that was tried. */
export interface CapacityStep {
  /** Requests a second. */
  readonly rate: number;
  /** Whether the server stayed within the bound. */
  readonly kept: boolean;
  /** What was measured at that rate. */
  readonly result: LoadResult;
}

/** The result of the search. */
export interface Capacity {
  /** The highest rate at which the server stayed within the bound, in requests a second; 0 if there was none. */
  readonly rate: number;
  /** Whether the server managed even the highest rate tried, so that its capacity may be higher. */
  readonly isLowerBound: boolean;
  /** Whether the search was ended early, so that the capacity may be higher. */
  readonly endedEarly: boolean;
  /** The rates tried, in order. */
  readonly steps: readonly CapacityStep[];
}

/**
 * Finds the highest rate at which the p99 latency stays within a bound: doubles the rate until a rate fails twice in a
 * row, then bisects the remaining interval four times, to a sixteenth of its size.
 *
 * @param load tries a rate
 * @param options the bound, and the rates to try
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
  // A single slow run may be the fault of the network or a neighbour.
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

/** More than one failure in a thousand, or falling behind by a twentieth, is too much at any latency. */
function keepsTo({ latency, failures, succeeded, throughput }: LoadResult, rate: number, bound: number): boolean {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return (
    latency !== undefined &&
    latency.p99 <= bound &&
    failed <= (failed + succeeded) / 1000 &&
    throughput >= 0.95 * rate - 1
  );
}
