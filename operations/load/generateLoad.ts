import { once } from "node:events";
import { setImmediate as soon, setTimeout as sleep } from "node:timers/promises";
import { InvocationError } from "../invocationError.ts";
import type { ServerShare } from "./serverShare.ts";
import { LoadRecorder, type Latency, type LoadFailure, type LoadInterval } from "./recorder.ts";

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
  /** Latencies, counted from when a request was due (open loop) or sent (closed loop); absent if none was answered. */
  readonly latency?: Latency;
  /** Their average, in milliseconds; absent if none was answered. */
  readonly mean?: number;
  /** What they consist of, if the server knows; on average. */
  readonly server?: ServerShare;
  /** The same by short intervals of time. */
  readonly intervals: readonly LoadInterval[];
  /** How busy this process was, from 0 to 1: near 1, the measurement shows this process and not the server. */
  readonly busy: number;
}

/**
 * Sends requests and measures the answers. In an open loop a slow answer doesn't postpone later requests, and latency
 * counts from when a request was due, so requests delayed by a stalled server are counted too (no coordinated
 * omission).
 *
 * @param send sends one request and resolves with its answer
 * @param options how much to send, and for how long
 * @throws whatever `send` and `check` throw, except InvocationErrors, which are counted as failures
 */
export async function generateLoad<Answer>(
  send: () => Promise<Answer>,
  options: LoadOptions<Answer>,
): Promise<LoadResult> {
  const { seconds, warmupSeconds = 0, check, signal, onProgress } = options;
  const recorder = new LoadRecorder(seconds);
  const checkable = async () => {
    const answer = await send();
    return () => check?.(answer);
  };
  const load = new Load(checkable, recorder, {
    warmupSeconds,
    end: (warmupSeconds + seconds) * 1000,
    ...(signal && { signal }),
  });
  const timer = setInterval(() => onProgress?.({ second: load.now() / 1000 - warmupSeconds, recorder }), 500);
  const before = performance.eventLoopUtilization();
  try {
    const sending =
      options.rate === undefined
        ? closedLoop(load, options.concurrency ?? 1)
        : openLoop(load, options.rate, options.connections ?? 256);
    await (signal ? Promise.race([sending, aborted(signal)]) : sending);
    if (signal?.aborted) load.stopped = load.now();
  } finally {
    clearInterval(timer);
  }
  const counted = Math.max(0.001, Math.min(seconds, load.stopped / 1000 - warmupSeconds));
  return {
    seconds: counted,
    succeeded: recorder.succeeded,
    failures: Object.fromEntries(recorder.failures),
    throughput: recorder.succeeded / counted,
    ...(recorder.latency && { latency: recorder.latency, mean: recorder.mean }),
    intervals: recorder.intervals,
    busy: performance.eventLoopUtilization(before).utilization,
  };
}

/** Sends a request and resolves, when it is answered, with the check of the answer. */
type Send = () => Promise<() => unknown>;

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

  async request(dueAt: number): Promise<void> {
    const second = dueAt / 1000 - this.#bounds.warmupSeconds;
    try {
      const check = await this.#send();
      const milliseconds = this.now() - dueAt;
      check();
      if (second > 0) this.#recorder.answered(second, milliseconds);
    } catch (error) {
      if (!(error instanceof InvocationError)) this.#defects.push(error);
      else if (second > 0) this.#recorder.failedAt(second, error.kind);
    }
  }

  neverSent(count: number): void {
    const second = this.stopped / 1000 - this.#bounds.warmupSeconds;
    if (count > 0) this.#recorder.failedAt(Math.max(0, second - 0.001), "not sent", count);
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

async function openLoop(load: Load, rate: number, connections: number): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  const pump = () => {
    while (underWay.size < connections && sent < load.due(rate)) {
      sent += 1;
      // Request number 1 is due after the first interval.
      const request = load.request((sent * 1000) / rate);
      underWay.add(request);
      void request.finally(() => {
        underWay.delete(request);
        pump();
      });
    }
  };
  while (load.goesOn()) {
    pump();
    const wait = ((sent + 1) * 1000) / rate - load.now();
    // A timer can be a millisecond late, which would count as latency; if all connections are busy, an answer triggers
    // the next request.
    if (wait > 2 || underWay.size >= connections) await sleep(Math.max(1, Math.min(wait - 1, 100)));
    else await soon();
  }
  // Requests that fell due just before the end.
  pump();
  load.neverSent(load.due(rate) - sent);
  sent = Infinity;
  await Promise.all(underWay);
  load.check();
}
