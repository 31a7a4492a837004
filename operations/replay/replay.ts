import { contentTypeOf } from "../../inference/contentType.ts";
import { decodeResponse, InferenceError, type EncodedBody, type InferenceResponse } from "../../inference/index.ts";
import { compareAnswers, type Difference, type Tolerance } from "../../inference/compareAnswers.ts";
import type { Answer } from "../invocation.ts";
import { InvocationError, type FailureKind } from "../invocationError.ts";
import { answerReader } from "../kserveAnswer.ts";
import { generatedAnswer } from "./generatedAnswer.ts";
import { LoadRecorder, type Latency } from "../load/recorder.ts";
import type { CapturedRecord, UnreadableRecord } from "./captured.ts";

/** How to replay traffic. */
export interface ReplayOptions {
  /** The tolerance for floats. */
  readonly tolerance: Tolerance;
  /** How many requests are in flight at once. Default: 8. With 1 they keep their order, which sequences need. */
  readonly concurrency?: number;
  /** The maximum number of records to read. Default: all. */
  readonly limit?: number;
  /** Ends the replay early. */
  readonly signal?: AbortSignal;
  /** Called after each record with how many were sent and how many answers changed. */
  readonly onRecord?: (records: number, changed: number) => void;
}

/** A changed answer. */
export interface ChangedAnswer {
  /** Where it lies: the file and the line. */
  readonly place: string;
  /** How it differs: its first ten outputs that do. */
  readonly differences: readonly Difference[];
  /** How many of its outputs differ. */
  readonly count: number;
}

/** The result of a replay. */
export interface ReplayReport {
  /** How many records were read. */
  readonly records: number;
  /** How many answers were compared with the captured one. */
  readonly compared: number;
  /** How many answers changed. */
  readonly changed: number;
  /** How often each output changed, and its largest difference; of the first thousand outputs. */
  readonly outputs: Readonly<Record<string, { readonly changed: number; readonly distance?: number }>>;
  /** The first ten changed answers. */
  readonly examples: readonly ChangedAnswer[];
  /** The requests that failed, by kind. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** The first three failure messages. */
  readonly messages: readonly string[];
  /** How many records were skipped: unreadable lines, and records without a request or an answer. */
  readonly skipped: number;
  /** Why the first one was skipped; absent if none was. */
  readonly skippedBecause?: string;
  /** How long the candidate's answers took; absent if there were none. */
  readonly latency?: Latency;
}

/**
 * Sends captured requests to a candidate and compares its answers with the captured ones.
 *
 * @param records the captured records
 * @param send sends a request to the candidate
 * @param options how
 */
export async function replay(
  records: AsyncIterable<CapturedRecord | UnreadableRecord>,
  send: (request: EncodedBody) => Promise<Answer>,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { concurrency = 8, limit = Infinity, signal, onRecord } = options;
  const counts = new Counts();
  const source = records[Symbol.asyncIterator]();
  let read = 0;
  const work = async (): Promise<void> => {
    while (read < limit && !signal?.aborted) {
      read += 1;
      const next = await source.next();
      if (next.done) {
        read = Infinity;
        return;
      }
      await replayOne(next.value, send, options.tolerance, counts);
      onRecord?.(counts.records, counts.changed);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  await source.return?.();
  return counts.report();
}

async function replayOne(
  record: CapturedRecord | UnreadableRecord,
  send: (request: EncodedBody) => Promise<Answer>,
  tolerance: Tolerance,
  counts: Counts,
): Promise<void> {
  if ("reason" in record) {
    counts.skip(record.place, record.reason);
    return;
  }
  const { place, request, answer } = record;
  if (!request || !answer) {
    counts.skip(place, request ? "no answer was captured" : "no request was captured");
    return;
  }
  const began = performance.now();
  try {
    const found = await send(request);
    const milliseconds = performance.now() - began;
    const is = answerReader(request)(found);
    counts.answered(milliseconds);
    counts.compared(place, differences(answer, found, is, tolerance));
  } catch (error) {
    if (!(error instanceof InvocationError)) throw error;
    counts.fail(error);
  }
}

function differences(
  before: EncodedBody,
  after: Answer,
  is: InferenceResponse | undefined,
  tolerance: Tolerance,
): Difference[] {
  const was = responseOf(before);
  if (was && is) return compareAnswers(was, is, tolerance);
  if (Buffer.compare(before.body, after.body) === 0) return [];
  const [text, other] = [generatedAnswer(before.body), generatedAnswer(after.body)];
  if (text && other) return compareAnswers(text, other, tolerance);
  return [{ output: "the answer", message: ": isn't a KServe response, and differs" }];
}

function responseOf({ body, contentType }: EncodedBody): InferenceResponse | undefined {
  try {
    return decodeResponse(body, contentTypeOf(body, contentType));
  } catch (error) {
    if (error instanceof InferenceError) return undefined;
    throw error;
  }
}

/** The most outputs that are counted each on its own. */
const MOST_OUTPUTS = 1000;

/** Counts so far. */
class Counts {
  readonly #recorder = new LoadRecorder(1);
  readonly #outputs = new Map<string, { changed: number; distance?: number }>();
  readonly #failures = new Map<FailureKind, number>();
  readonly #examples: ChangedAnswer[] = [];
  readonly #messages = new Set<string>();
  #compared = 0;
  #failed = 0;
  #skipped = 0;
  #skippedBecause: string | undefined;
  /** The answers that changed. */
  changed = 0;

  /** How many records were read. */
  get records(): number {
    return this.#compared + this.#failed + this.#skipped;
  }

  answered(milliseconds: number): void {
    this.#recorder.answered(0, milliseconds);
  }

  compared(place: string, found: readonly Difference[]): void {
    this.#compared += 1;
    if (found.length === 0) return;
    this.changed += 1;
    if (this.#examples.length < 10) {
      this.#examples.push({ place, differences: found.slice(0, 10), count: found.length });
    }
    for (const { output, distance } of found) {
      const before = this.#outputs.get(output) ?? { changed: 0 };
      // A model has few outputs; whoever makes up others in each answer needn't be followed.
      if (before.changed === 0 && this.#outputs.size === MOST_OUTPUTS) continue;
      const greatest = distance === undefined ? before.distance : Math.max(distance, before.distance ?? 0);
      this.#outputs.set(output, {
        changed: before.changed + 1,
        ...(greatest !== undefined && { distance: greatest }),
      });
    }
  }

  fail({ kind, message }: InvocationError): void {
    this.#failed += 1;
    this.#failures.set(kind, (this.#failures.get(kind) ?? 0) + 1);
    if (this.#messages.size < 3) this.#messages.add(message);
  }

  skip(place: string, reason: string): void {
    this.#skipped += 1;
    this.#skippedBecause ??= `${place}: ${reason}`;
  }

  report(): ReplayReport {
    const { latency } = this.#recorder;
    return {
      records: this.records,
      compared: this.#compared,
      changed: this.changed,
      outputs: Object.fromEntries(this.#outputs),
      examples: [...this.#examples],
      failures: Object.fromEntries(this.#failures),
      messages: [...this.#messages],
      skipped: this.#skipped,
      ...(this.#skippedBecause !== undefined && { skippedBecause: this.#skippedBecause }),
      ...(latency && { latency }),
    };
  }
}
