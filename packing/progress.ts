import { channel } from "node:diagnostics_channel";

/**
 * The channel on which all such work in this process is reported: whoever runs a stack's program can't pass a listener to
 * the code that packs its models.
 */
export const progressChannel = channel("sagemaker-triton:progress");

/** The progress of long work. */
export interface Progress {
  /** The bytes done. */
  readonly bytes: number;
  /** The total bytes. */
  readonly total: number;
}

/** Options for packing or digesting a model. */
export interface WorkOptions {
  /** The folder for digests and archives, which is created if it doesn't exist. */
  readonly cacheDirectory: string;
  /** Called with the progress; not called if no file needs to be read. Default: none. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the work early, without leaving anything behind. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the model that prints Triton's metrics is added. Default: false. */
  readonly serverMetrics?: boolean | undefined;
}

/** Counts the bytes of some work, and ends it when the signal is aborted. */
export class ProgressCounter {
  readonly #options: Pick<WorkOptions, "onProgress" | "signal">;
  /** The total bytes. */
  readonly total: number;
  #bytes = 0;

  /**
   * @param files the files to read
   * @param options the progress callback and the signal
   */
  constructor(files: readonly { readonly size: number }[], options: Pick<WorkOptions, "onProgress" | "signal">) {
    this.#options = options;
    this.total = files.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Counts bytes as done.
   *
   * @param bytes how many
   * @throws the signal's reason if it is aborted
   */
  add(bytes: number): void {
    this.#options.signal?.throwIfAborted();
    // Headers and padding don't belong to any file.
    this.#bytes = Math.min(this.#bytes + bytes, this.total);
    const progress: Progress = { bytes: this.#bytes, total: this.total };
    this.#options.onProgress?.(progress);
    progressChannel.publish(progress);
  }

  /** Reports completion. */
  end(): void {
    this.add(this.total);
  }
}
