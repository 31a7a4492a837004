import { once } from "node:events";
import { setImmediate as soon, setTimeout as sleep } from "node:timers/promises";
import { InvocationError } from "../invocationError.ts";
import { LoadRecorder, type Latency, type LoadFailure, type LoadInterval } from "./recorder.ts";

/** How much is sent, and for how long. */
export interface LoadOptions {
  /** Requests a second, sent when they are due whether or not earlier ones are answered (open loop). */
  readonly rate?: number;
  /** How many requests are under way at once, each sent once the one before is answered (closed loop). Default: 1. */
  readonly concurrency?: number;
  /** How long the load lasts, in seconds, after the warm-up. */
  readonly seconds: number;
  /** How long requests are sent before they count, in seconds. Default: 0. */
  readonly warmupSeconds?: number;
  /** How many requests an open loop has under way at most; what is due beyond waits, and the wait counts. Default: 256. */
  readonly connections?: number;
  /** Ends it early, without what is under way then. */
  readonly signal?: AbortSignal;
  /** Told twice a second how it goes. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** How a load goes. */
export interface LoadProgress {
  /** Seconds after the warm-up; negative while it lasts. */
  readonly second: number;
  /** What was recorded so far. */
  readonly recorder: LoadRecorder;
}

/** What a load showed. */
export interface LoadResult {
  /** How long requests were counted, in seconds. */
  readonly seconds: number;
  /** The requests answered. */
  readonly succeeded: number;
  /** The requests without an answer, by kind. */
  readonly failures: Readonly<Partial<Record<LoadFailure, number>>>;
  /** Answers a second. */
  readonly throughput: number;
  /** From when a request was due (open loop) or sent (closed loop); absent where none was answered. */
  readonly latency?: Latency;
  /** The same by short stretches of time. */
  readonly intervals: readonly LoadInterval[];
  /** How busy this process was, from 0 to 1: near 1, it and not the server is what was measured. */
  readonly busy: number;
}

/**
 * Sends requests and measures the answers. In an open loop a slow answer keeps no later request from being due, and latency
 * counts from then on: the requests that a stalled server delays are not left out (coordinated omission).
 *
 * @param send sends one request and settles with its answer
 * @param options how much, and for how long
 * @throws whatever `send` throws, unless it is an InvocationError, which counts as a failure
 */
export async function generateLoad(send: () => Promise<unknown>, options: LoadOptions): Promise<LoadResult> {
  const { seconds, warmupSeconds = 0, signal, onProgress } = options;
  const recorder = new LoadRecorder(seconds);
  const load = new Load(send, recorder, {
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
    ...(recorder.latency && { latency: recorder.latency }),
    intervals: recorder.intervals,
    busy: performance.eventLoopUtilization(before).utilization,
  };
}

interface Bounds {
  readonly warmupSeconds: number;
  /** When the last request may be sent, in milliseconds after the start. */
  readonly end: number;
  readonly signal?: AbortSignal;
}

/** One load: its clock, and what becomes of each request. Times are milliseconds after the start. */
class Load {
  readonly #send: () => Promise<unknown>;
  readonly #recorder: LoadRecorder;
  readonly #bounds: Bounds;
  readonly #start = performance.now();
  readonly #defects: unknown[] = [];
  /** When the last request was sent, or was due to be. */
  stopped = 0;

  constructor(send: () => Promise<unknown>, recorder: LoadRecorder, bounds: Bounds) {
    this.#send = send;
    this.#recorder = recorder;
    this.#bounds = bounds;
  }

  now(): number {
    return performance.now() - this.#start;
  }

  /** Whether more is to be sent. */
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
      await this.#send();
      if (second > 0) this.#recorder.answered(second, this.now() - dueAt);
    } catch (error) {
      if (!(error instanceof InvocationError)) this.#defects.push(error);
      else if (second > 0) this.#recorder.failedAt(second, error.kind);
    }
  }

  neverSent(count: number): void {
    const second = this.stopped / 1000 - this.#bounds.warmupSeconds;
    if (count > 0) this.#recorder.failedAt(Math.max(0, second - 0.001), "not sent", count);
  }

  /** What broke `send` itself, once all is over. */
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
      // The request number 1 is due after the first interval.
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
    // A timer is up to a millisecond late, which would count as latency; with all connections busy, an answer sends the next.
    if (wait > 2 || underWay.size >= connections) await sleep(Math.max(1, Math.min(wait - 1, 100)));
    else await soon();
  }
  // What fell due just before the end.
  pump();
  load.neverSent(load.due(rate) - sent);
  sent = Infinity;
  await Promise.all(underWay);
  load.check();
}
