import { BLOCK_BYTES, TarError } from "./tarHeader.ts";

/** Reads a stream of bytes from its beginning to its end, in the units of a tar archive. */
export class BlockReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #position = 0;

  /**
   * @param chunks the stream, in chunks of any size
   */
  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The number of bytes read or skipped. */
  get position(): number {
    return this.#position;
  }

  /**
   * Returns the next block.
   *
   * @returns nothing at the end of the stream
   * @throws TarError if the stream ends within the block
   */
  async block(): Promise<Buffer | undefined> {
    if (this.#chunk.length - this.#at >= BLOCK_BYTES) return this.#take(BLOCK_BYTES);
    return (await this.#fill()) ? this.bytes(BLOCK_BYTES) : undefined;
  }

  /**
   * Returns the next bytes.
   *
   * @param length how many
   * @throws TarError if the stream ends before
   */
  async bytes(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /**
   * Returns the next bytes, piece by piece.
   *
   * @param length how many
   * @throws TarError if the stream ends before
   */
  async *pieces(length: number): AsyncGenerator<Buffer, undefined> {
    for (let left = length; left > 0;) {
      if (!(await this.#fill())) throw new TarError("truncated", "it is cut off");
      const piece = this.#take(Math.min(left, this.#chunk.length - this.#at));
      left -= piece.length;
      yield piece;
    }
  }

  /**
   * Skips bytes.
   *
   * @param length how many
   * @throws TarError if the stream ends before
   */
  async skip(length: number): Promise<void> {
    if (length <= this.#chunk.length - this.#at) this.#take(length);
    else {
      const pieces = this.pieces(length);
      while ((await pieces.next()).done !== true);
    }
  }

  /** Everything that follows, piece by piece. */
  async *rest(): AsyncGenerator<Buffer, undefined> {
    while (await this.#fill()) yield this.#take(this.#chunk.length - this.#at);
  }

  /** Closes the stream, whether or not it has been read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Buffer {
    this.#position += length;
    return this.#chunk.subarray(this.#at, (this.#at += length));
  }

  /** Checks whether there are bytes to take, after waiting for them. */
  async #fill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      this.#at = 0;
    }
    return true;
  }
}
