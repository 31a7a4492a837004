import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { compressPiece } from "./compression.ts";

/** What a worker is sent; both arrays are memory that it shares with the sender. */
export interface CompressionTask {
  /** The bytes to compress. */
  readonly piece: Uint8Array;
  /** Where the result goes. */
  readonly output: Uint8Array;
}

/** How many pieces each compressor is given at once, so that it never waits for the next one. */
const AHEAD = 2;
/** A worker takes about 25 MB of memory, and packing is to stay below 300 MB on any machine. */
const MAX_WORKERS = 4;
/** Less than this is compressed sooner than a worker has started. */
const WORTH_WORKERS = 4 * 2 ** 20;

/** Beside this file, in TypeScript or, in the npm package, in JavaScript as this file is. */
function workerUrl(own: string): URL {
  return new URL(own.replace(/compressors(\.[jt]s)$/, "compressionWorker$1"));
}

/** Compresses pieces on all cores. */
export class Compressors {
  /** How many pieces are to be compressed at the same time. */
  readonly capacity: number;
  readonly #workers: readonly CompressionWorker[];

  /** @param bytes about how many bytes there are to compress */
  constructor(bytes: number) {
    const count = bytes < WORTH_WORKERS ? 0 : Math.min(availableParallelism(), MAX_WORKERS);
    this.#workers = Array.from({ length: count }, () => new CompressionWorker());
    this.capacity = Math.max(1, count * AHEAD);
  }

  /**
   * Compresses a piece, see `compressPiece`.
   *
   * @param task the piece and the place for the result, in shared memory
   * @returns the result's length, 0 where the piece is better stored
   */
  compress(task: CompressionTask): Promise<number> {
    const idlest = this.#workers.toSorted((one, other) => one.waiting - other.waiting).at(0);
    return idlest?.compress(task) ?? Promise.resolve(compressPiece(task.piece, task.output));
  }

  /** Ends the workers; what they are still at is lost. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}

class CompressionWorker {
  readonly #worker = new Worker(workerUrl(import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  readonly #waiting: PromiseWithResolvers<number>[] = [];
  readonly #ended = new Promise((resolve) => this.#worker.once("exit", resolve));

  constructor() {
    this.#worker.on("message", (length: number) => this.#waiting.shift()?.resolve(length));
    this.#worker.on("error", (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  compress(task: CompressionTask): Promise<number> {
    const compressed = Promise.withResolvers<number>();
    this.#waiting.push(compressed);
    this.#worker.postMessage(task);
    return compressed.promise;
  }

  async close(): Promise<void> {
    this.#worker.postMessage(undefined);
    await this.#ended;
  }
}
