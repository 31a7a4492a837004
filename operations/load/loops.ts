import { setTimeout as sleep } from "node:timers/promises";
import { InvocationError } from "../invocationError.ts";
import type { LoadRecorder } from "./recorder.ts";
import type { TokenTimes } from "./streamedAnswer.ts";

/** Sends a request and resolves, when it is answered, with the check of the answer, which returns its tokens' times. */
type Send = () => Promise<() => TokenTimes | undefined>;

interface Bounds {
  readonly warmupSeconds: number;
  /** The end of the load, in milliseconds after the start. */
  readonly end: number;
  readonly signal?: AbortSignal;
}

/** A running load: its clock and its requests. Times are in milliseconds after the start. */
export class Load {
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

/** Sends each request when the one before it has been answered, a number of them at once. */
export async function closedLoop(load: Load, concurrency: number): Promise<void> {
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
export async function openLoop(load: Load, rate: number, connections: number): Promise<void> {
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
