import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { InvocationError } from "../invocationError.ts";
import { LoadRecorder, type Latency, type LoadFailure, type LoadInterval, type TokenSummary } from "./recorder.ts";
import type { TokenTimes } from "./streamedAnswer.ts";

/** How much to send, for how long, and what counts as an answer. */
export interface LoadOptions<Answer = unknown> {
  /** Requests a second, each sent when it is due, whether or not earlier ones have been answered (open loop). */
  readonly rate?: number;
  /**
   * How many requests are in flight at once, each sent when the one before it has been answered (closed loop). Default:
   * 1.
   */
  readonly concurrency?: number;
  /** How long the load lasts, in seconds, after the warm-up. */
  readonly seconds: number;
  /** The warm-up in seconds, during which requests are sent but not counted. Default: 0. */
  readonly warmupSeconds?: number;
  /** The maximum number of requests in flight in an open loop; later ones wait, and the wait counts. Default: 256. */
  readonly connections?: number;
  /** Throws an InvocationError if an answer is a bad one, which then counts as a failure. Its time isn't measured. */
  readonly check?: (answer: Answer) => unknown;
  /** When the tokens of a streamed answer arrived. Default: answers aren't streamed. */
  readonly tokens?: (answer: Answer) => TokenTimes;
  /** Ends the load early; requests in flight are not counted. */
  readonly signal?: AbortSignal;
  /** Called twice a second with the progress so far. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** The progress of a load. */
export interface LoadProgress {
  /** Seconds after the warm-up; negative while it lasts. */
  readonly second: number;
  /** What has been recorded so far. */
  readonly recorder: LoadRecorder;
}

/** The result of a load. */
export interface LoadResult {
  /** How long requests were counted for, in seconds. */
  readonly seconds: number;
  /** The requests answered. */
  readonly succeeded: number;
  /** The failed requests, by kind. */
  readonly failures: Readonly<Partial<Record<LoadFailure, number>>>;
  /** Answers a second. */
  readonly throughput: number;
  /**
   * Latencies, counted from when a request was sent or, if it had to wait for a connection, from when it was due; absent
   * if none was answered.
   */
  readonly latency?: Latency;
  /**
   * In an open loop, how late this process sent requests, which isn't part of the latencies; absent if it sent none
   * without waiting for a connection.
   */
  readonly lateness?: Latency;
  /** The tokens of streamed answers; absent if they aren't streamed, or none was answered. */
  readonly tokens?: TokenSummary;
  /** The same by short intervals of time. */
  readonly intervals: readonly LoadInterval[];
  /**
   * The part of the time in which this process worked instead of waiting, from 0 to 1: near 1, the measurement shows
   * this process and not the server.
   */
  readonly busy: number;
}

/**
 * Sends requests and measures the answers. In an open loop a slow answer doesn't postpone later requests, and if a
 * stalled server keeps all connections busy, the latency of those that wait counts from when they were due (no
 * coordinated omission).
 *
 * @param send sends one request and resolves with its answer
 * @param options how much to send, and for how long
 * @throws whatever `send` and `check` throw, except InvocationErrors, which are counted as failures
 */
export async function generateLoad<Answer>(
  send: () => Promise<Answer>,
  options: LoadOptions<Answer>,
): Promise<LoadResult> {
  const { seconds, warmupSeconds = 0, check, tokens, signal, onProgress } = options;
  const recorder = new LoadRecorder(seconds);
  const checkable = async () => {
    const answer = await send();
    return () => {
      check?.(answer);
      return tokens?.(answer);
    };
  };
  const load = new Load(checkable, recorder, {
    warmupSeconds,
    end: (warmupSeconds + seconds) * 1000,
    ...(signal && { signal }),
  });
  const timer = setInterval(() => onProgress?.({ second: load.now() / 1000 - warmupSeconds, recorder }), 500);
  let before = performance.eventLoopUtilization();
  // Until then most of the time is spent compiling.
  const warm = setTimeout(() => (before = performance.eventLoopUtilization()), warmupSeconds * 1000);
  try {
    const sending =
      options.rate === undefined
        ? closedLoop(load, options.concurrency ?? 1)
        : openLoop(load, options.rate, options.connections ?? 256);
    await (signal ? Promise.race([sending, aborted(signal)]) : sending);
    if (signal?.aborted) load.stopped = load.now();
  } finally {
    clearInterval(timer);
    clearTimeout(warm);
  }
  const counted = Math.max(0.001, Math.min(seconds, load.stopped / 1000 - warmupSeconds));
  return {
    seconds: counted,
    succeeded: recorder.succeeded,
    failures: Object.fromEntries(recorder.failures),
    throughput: recorder.succeeded / counted,
    ...(recorder.latency && { latency: recorder.latency }),
    ...(recorder.lateness && { lateness: recorder.lateness }),
    ...(recorder.tokens && { tokens: recorder.tokens }),
    intervals: recorder.intervals,
    busy: performance.eventLoopUtilization(before).utilization,
  };
}

/** Sends a request and resolves, when it is answered, with the check of the answer, which returns its tokens' times. */
type Send = () => Promise<() => TokenTimes | undefined>;

interface Bounds {
  readonly warmupSeconds: number;
  /** The end of the load, in milliseconds after the start. */
  readonly end: number;
  readonly signal?: AbortSignal;
}

/** A running load: its clock and its requests. Times are in milliseconds after the start. */
class Load {
  readonly #send: Send;
  readonly #recorder: LoadRecorder;
  readonly #bounds: Bounds;
  readonly #start = performance.now();
  readonly #defects: unknown[] = [];
  /** When the last request was sent or due. */
  stopped = 0;

  constructor(send: Send, recorder: LoadRecorder, bounds: Bounds) {
    this.#send = send;
    this.#recorder = recorder;
    this.#bounds = bounds;
  }

  now(): number {
    return performance.now() - this.#start;
  }

  /** Whether to send more. */
  goesOn(): boolean {
    this.check();
    this.stopped = this.now();
    return this.stopped < this.#bounds.end && this.#bounds.signal?.aborted !== true;
  }

  /** How many requests are due by now at a rate. */
  due(rate: number): number {
    return Math.floor((Math.min(this.now(), this.#bounds.end) * rate) / 1000);
  }

  /** How long the load still lasts. */
  left(): number {
    return this.#bounds.end - this.now();
  }

  /**
   * Sends a request that is due, and notes how late.
   *
   * @param held whether it had to wait for a connection
   */
  dueRequest(dueAt: number, held: boolean): Promise<void> {
    if (held) return this.request(dueAt);
    const now = this.now();
    if (this.#second(dueAt) > 0) this.#recorder.sentLate(now - dueAt);
    return this.request(dueAt, now);
  }

  /**
   * Sends a request.
   *
   * @param dueAt when it was due
   * @param from when its latency begins
   */
  async request(dueAt: number, from = dueAt): Promise<void> {
    const second = this.#second(dueAt);
    try {
      const check = await this.#send();
      const milliseconds = this.now() - from;
      const tokens = check();
      if (second <= 0) return;
      this.#recorder.answered(second, milliseconds);
      if (tokens) this.#recorder.streamed(tokens, this.#start + from);
    } catch (error) {
      if (!(error instanceof InvocationError)) this.#defects.push(error);
      else if (second > 0) this.#recorder.failedAt(second, error.kind);
    }
  }

  neverSent(count: number): void {
    const second = this.#second(this.stopped);
    if (count > 0) this.#recorder.failedAt(Math.max(0, second - 0.001), "not sent", count);
  }

  #second(at: number): number {
    return at / 1000 - this.#bounds.warmupSeconds;
  }

  /** Rethrows what `send` threw, if it wasn't a failure of a request. */
  check(): void {
    if (this.#defects.length > 0) throw this.#defects[0];
  }
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, "abort");
}

async function closedLoop(load: Load, concurrency: number): Promise<void> {
  const one = async () => {
    while (load.goesOn()) await load.request(load.now());
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  load.check();
}

/**
 * Sleeps until the next request is due. A timer fires up to about a millisecond late, so that at high rates several
 * requests are due at once; they are sent together, each counted from then. Only a wait for a free connection counts as
 * latency, because the server causes it.
 */
async function openLoop(load: Load, rate: number, connections: number): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  const isFull = () => underWay.size >= connections;
  const pump = (held: boolean) => {
    while (!isFull() && sent < load.due(rate)) {
      sent += 1;
      // Request number 1 is due after the first interval.
      const request = load.dueRequest((sent * 1000) / rate, held);
      underWay.add(request);
      void request.finally(() => {
        const held = isFull();
        underWay.delete(request);
        pump(held);
      });
    }
  };
  while (load.goesOn()) {
    pump(false);
    // If all connections are busy, an answer triggers the next request.
    const wait = isFull() ? LONGEST_SLEEP : ((sent + 1) * 1000) / rate - load.now();
    await sleep(Math.max(1, Math.ceil(Math.min(wait, LONGEST_SLEEP, load.left()))));
  }
  // Requests that fell due just before the end.
  pump(false);
  load.neverSent(load.due(rate) - sent);
  sent = Infinity;
  await Promise.all(underWay);
  load.check();
}

/** In milliseconds. */
const LONGEST_SLEEP = 100;
