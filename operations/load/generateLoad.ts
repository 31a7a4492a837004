import { once } from "node:events";
import { closedLoop, Load, openLoop } from "./loops.ts";
import { LoadRecorder, type Latency, type LoadFailure, type LoadInterval, type TokenSummary } from "./recorder.ts";
import type { ServerShare } from "./serverShare.ts";
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
  /** Their average, in milliseconds; absent if none was answered. */
  readonly mean?: number;
  /** What they consist of, if the server knows; on average. */
  readonly server?: ServerShare;
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
    ...(recorder.latency && { latency: recorder.latency, mean: recorder.mean }),
    ...(recorder.lateness && { lateness: recorder.lateness }),
    ...(recorder.tokens && { tokens: recorder.tokens }),
    intervals: recorder.intervals,
    busy: performance.eventLoopUtilization(before).utilization,
  };
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, "abort");
}
