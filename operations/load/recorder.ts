import { build, type Histogram } from "hdr-histogram-js";
import type { FailureKind } from "../invocationError.ts";
import type { TokenTimes } from "./streamedAnswer.ts";

/** Latencies in milliseconds. */
export interface Latency {
  /** The smallest. */
  readonly min: number;
  /** Half of the requests took no longer. */
  readonly p50: number;
  /** 90 % took no longer. */
  readonly p90: number;
  /** 99 % took no longer. */
  readonly p99: number;
  /** 99.9 % took no longer. */
  readonly p999: number;
  /** The largest. */
  readonly max: number;
}

/** What happened in a short interval of a load. */
export interface LoadInterval {
  /** When it began, in seconds after the warm-up. */
  readonly second: number;
  /** How long it lasted, in seconds. */
  readonly seconds: number;
  /** The requests answered. */
  readonly succeeded: number;
  /** The failed requests. */
  readonly failed: number;
  /** The latencies of the answered ones; absent if there were none. */
  readonly latency?: Latency;
}

/** The tokens of streamed answers. */
export interface TokenSummary {
  /** How many arrived. */
  readonly count: number;
  /** The times until an answer's first one. */
  readonly first: Latency;
  /** The times between one and the next of the same answer; absent if no answer had two. */
  readonly between?: Latency;
}

/** Why a request failed; `not sent` if its turn never came. */
export type LoadFailure = FailureKind | "not sent";

/** Records latencies and failures, in total and by short intervals of time. */
export class LoadRecorder {
  readonly #whole = histogram(3);
  readonly #lateness = histogram(2);
  readonly #firstTokens = histogram(3);
  readonly #betweenTokens = histogram(3);
  readonly #intervals = new Map<number, Interval>();
  readonly #intervalSeconds: number;
  /** How many requests failed, by kind. */
  readonly failures = new Map<LoadFailure, number>();

  /**
   * @param seconds how long the load lasts without its warm-up; it is split into at most 120 intervals of at least half
   * a second
   */
  constructor(seconds: number) {
    this.#intervalSeconds = Math.max(0.5, seconds / 120);
  }

  /** How many requests were answered. */
  get succeeded(): number {
    return this.#whole.totalCount;
  }

  /** How many requests failed. */
  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The latencies of all requests answered so far; `undefined` if there are none. */
  get latency(): Latency | undefined {
    return latencyOf(this.#whole);
  }

  /** How late requests were sent so far; `undefined` if none was noted. */
  get lateness(): Latency | undefined {
    return latencyOf(this.#lateness);
  }

  /** The tokens of all streamed answers so far; `undefined` if there are none. */
  get tokens(): TokenSummary | undefined {
    const first = latencyOf(this.#firstTokens);
    const between = latencyOf(this.#betweenTokens);
    const count = this.#firstTokens.totalCount + this.#betweenTokens.totalCount;
    return first && { count, first, ...(between && { between }) };
  }

  /** The average of them, in milliseconds; `undefined` if there are none. */
  get mean(): number | undefined {
    return this.#whole.totalCount === 0 ? undefined : this.#whole.mean / 1000;
  }

  /** The intervals so far in which a request was due. */
  get intervals(): LoadInterval[] {
    const sorted = [...this.#intervals].sort(([one], [other]) => one - other);
    return sorted.map(([index, { latencies, failed }]) => {
      const latency = latencyOf(latencies);
      const seconds = this.#intervalSeconds;
      return { second: index * seconds, seconds, succeeded: latencies.totalCount, failed, ...(latency && { latency }) };
    });
  }

  /**
   * Records an answer.
   *
   * @param second when the request was due, in seconds after the warm-up
   * @param milliseconds how long the answer took, counted from then
   */
  answered(second: number, milliseconds: number): void {
    const value = microseconds(milliseconds);
    this.#whole.recordValue(value);
    this.#interval(second).latencies.recordValue(value);
  }

  /**
   * Records that a request was sent late because of this process.
   *
   * @param milliseconds how late
   */
  sentLate(milliseconds: number): void {
    this.#lateness.recordValue(microseconds(milliseconds));
  }

  /**
   * Records the tokens of a streamed answer.
   *
   * @param tokens when they arrived
   * @param from when its latency begins, by the same clock
   */
  streamed({ arrived }: TokenTimes, from: number): void {
    for (const [index, at] of arrived.entries()) {
      const before = arrived[index - 1];
      if (before === undefined) this.#firstTokens.recordValue(microseconds(at - from));
      else this.#betweenTokens.recordValue(microseconds(at - before));
    }
  }

  /**
   * Records failed requests.
   *
   * @param second when they were due, in seconds after the warm-up
   * @param kind why they failed
   * @param count how many. Default: 1
   */
  failedAt(second: number, kind: LoadFailure, count = 1): void {
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + count);
    const interval = this.#interval(second);
    interval.failed += count;
  }

  #interval(second: number): Interval {
    const index = Math.max(0, Math.floor(second / this.#intervalSeconds));
    const interval = this.#intervals.get(index) ?? { latencies: histogram(2), failed: 0 };
    this.#intervals.set(index, interval);
    return interval;
  }
}

interface Interval {
  readonly latencies: Histogram;
  failed: number;
}

/** An hour, in microseconds. */
const LONGEST = 3_600_000_000;

function microseconds(milliseconds: number): number {
  return Math.min(LONGEST, Math.max(1, Math.round(milliseconds * 1000)));
}

function histogram(digits: 2 | 3): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: LONGEST, numberOfSignificantValueDigits: digits });
}

function latencyOf(histogram: Histogram): Latency | undefined {
  if (histogram.totalCount === 0) return undefined;
  const max = histogram.maxValue / 1000;
  // A percentile is the upper end of its bucket, which may be greater than any recorded value.
  const at = (percentile: number) => Math.min(max, histogram.getValueAtPercentile(percentile) / 1000);
  return {
    min: histogram.minNonZeroValue / 1000,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max,
  };
}
