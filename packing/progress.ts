import { channel } from "node:diagnostics_channel";

/**
 * Where all such work in this process is reported: whoever runs a stack's program can't hand a listener to what packs its
 * models.
 */
export const progressChannel = channel("sagemaker-triton:progress");

/** How much of some long work is done. */
export interface Progress {
  /** The bytes done. */
  readonly bytes: number;
  /** The bytes in all. */
  readonly total: number;
}

/** Where and how a model is packed or digested. */
export interface WorkOptions {
  /** The folder for digests and archives; made where it does not exist. */
  readonly cacheDirectory: string;
  /** Told about the work as it goes on; not called where no file has to be read. Default: nobody. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the work early, with nothing left behind. Default: it is never ended. */
  readonly signal?: AbortSignal | undefined;
}

/** Counts the bytes of some work and ends it where it is to be ended. */
export class ProgressCounter {
  readonly #options: Pick<WorkOptions, "onProgress" | "signal">;
  /** The bytes in all. */
  readonly total: number;
  #bytes = 0;

  /**
   * @param files what has to be read
   * @param options whom to tell, and what ends the work
   */
  constructor(files: readonly { readonly size: number }[], options: Pick<WorkOptions, "onProgress" | "signal">) {
    this.#options = options;
    this.total = files.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Counts bytes that are done.
   *
   * @param bytes how many
   * @throws the signal's reason where the work is to be ended
   */
  add(bytes: number): void {
    this.#options.signal?.throwIfAborted();
    // Headers and padding are no file's bytes.
    this.#bytes = Math.min(this.#bytes + bytes, this.total);
    const progress: Progress = { bytes: this.#bytes, total: this.total };
    this.#options.onProgress?.(progress);
    progressChannel.publish(progress);
  }

  /** Tells that all is done. */
  end(): void {
    this.add(this.total);
  }
}
