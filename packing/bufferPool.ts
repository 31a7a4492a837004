/**
 * Buffers of one size that are used again and again: fresh memory for each piece of a large file would cost more than
 * reading it, since the system has to clear every page.
 */
export class BufferPool {
  /** The size of a buffer in bytes. */
  readonly size: number;
  readonly #free: Buffer[] = [];

  /** @param size the size of a buffer in bytes */
  constructor(size: number) {
    this.size = size;
  }

  /**
   * Takes a buffer.
   *
   * @param size how many bytes are needed, at most those of a buffer
   */
  take(size: number): Buffer {
    return (this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size)).subarray(0, size);
  }

  /**
   * Gives a buffer back.
   *
   * @param buffer the buffer, or a part of it
   */
  give(buffer: Buffer): void {
    this.#free.push(Buffer.from(buffer.buffer));
  }
}
