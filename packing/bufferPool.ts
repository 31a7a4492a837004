/**
 * A pool of reusable buffers of one size: new memory for each piece of a large file would cost more than reading it,
 * because the system must clear every page.
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
   * @param size the number of bytes needed, at most the size of a buffer
   */
  take(size: number): Buffer {
    return (this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size)).subarray(0, size);
  }

  /**
   * Returns a buffer to the pool.
   *
   * @param buffer the buffer, or a part of it
   */
  give(buffer: Buffer): void {
    this.#free.push(Buffer.from(buffer.buffer));
  }
}
