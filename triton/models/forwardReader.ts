/**
 * Returns the next bytes: skips `skip` bytes, then returns a chunk of any size, or an empty one at the end of the file.
 * Seekable sources seek; others read and discard.
 */
export type NextChunk = (skip: number) => Promise<Uint8Array>;

/** A damaged model file; the message is the reason, to follow the file's name. */
export class DamagedFileError extends Error {}

/**
 * Reads a file from beginning to end and skips what isn't needed, so that gigabytes of weights cost nothing. Works the
 * same on a file, which can seek, and on an archive's entry, which can't.
 */
export class ForwardReader {
  /** The file's size in bytes. */
  readonly size: number;
  readonly #next: NextChunk;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  #position = 0;

  /**
   * @param size the file's size in bytes
   * @param next returns its bytes
   */
  constructor(size: number, next: NextChunk) {
    this.size = size;
    this.#next = next;
  }

  /** The number of bytes read or skipped. */
  get position(): number {
    return this.#position;
  }

  /**
   * Reads bytes; the result may be a view of memory that doesn't change.
   *
   * @param length how many
   * @throws DamagedFileError if the file ends before
   */
  async read(length: number): Promise<Uint8Array> {
    this.#require(length);
    const pieces: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      if (this.#at === this.#chunk.length) await this.#advance(0);
      const piece = this.#chunk.subarray(this.#at, this.#at + missing);
      this.#at += piece.length;
      missing -= piece.length;
      pieces.push(piece);
    }
    this.#position += length;
    const [first, ...others] = pieces;
    return first && others.length === 0 ? first : Buffer.concat(pieces);
  }

  /**
   * Returns the next bytes without consuming them.
   *
   * @param length how many; the result is shorter if the file ends before
   */
  async peek(length: number): Promise<Uint8Array> {
    const bytes = await this.read(Math.min(length, this.size - this.#position));
    this.#chunk = Buffer.concat([bytes, this.#chunk.subarray(this.#at)]);
    this.#at = 0;
    this.#position -= bytes.length;
    return bytes;
  }

  /**
   * Returns bytes that are already in memory without consuming them.
   *
   * @param most the maximum number
   */
  buffered(most: number): Uint8Array {
    return this.#chunk.subarray(this.#at, Math.min(this.#chunk.length, this.#at + most));
  }

  /**
   * Skips bytes.
   *
   * @param length how many
   * @throws DamagedFileError if the file ends before
   */
  async skip(length: number): Promise<void> {
    this.#require(length);
    const left = this.#chunk.length - this.#at;
    this.#position += length;
    if (length <= left) this.#at += length;
    // At the end there is nothing to read ahead.
    else if (this.#position === this.size) this.#chunk = this.#chunk.subarray((this.#at = 0), 0);
    else await this.#advance(length - left);
  }

  /**
   * Reads one of protobuf's variable-length numbers.
   *
   * @returns the number, rounded if it exceeds 2⁵³, and its encoded bytes
   * @throws DamagedFileError if there is none
   */
  async varint(): Promise<{ readonly value: number; readonly bytes: Uint8Array }> {
    const bytes: number[] = [];
    let value = 0;
    for (let byte = 0x80; byte >= 0x80;) {
      if (bytes.length === 10) throw new DamagedFileError("it contains a number of more than ten bytes");
      byte = this.#chunk[this.#at] ?? (await this.peek(1))[0] ?? this.#end();
      this.#at++;
      this.#position++;
      value += (byte & 0x7f) * 2 ** (7 * bytes.length);
      bytes.push(byte);
    }
    return { value, bytes: Uint8Array.from(bytes) };
  }

  /** Everything that follows, piece by piece. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (this.#position < this.size) {
      if (this.#at === this.#chunk.length) await this.#advance(0);
      yield await this.read(Math.min(this.#chunk.length - this.#at, this.size - this.#position));
    }
  }

  #require(length: number): void {
    if (this.#position + length > this.size) this.#end();
  }

  #end(): never {
    throw new DamagedFileError("it is truncated");
  }

  async #advance(skip: number): Promise<void> {
    this.#chunk = await this.#next(skip);
    this.#at = 0;
    if (this.#chunk.length === 0) this.#end();
  }
}

/**
 * Reads the chunks of a stream, which can only move forwards.
 *
 * @param chunks the stream
 */
export function chunksOf(chunks: AsyncIterable<Uint8Array>): NextChunk {
  const iterator = chunks[Symbol.asyncIterator]();
  return async (skip) => {
    for (let left = skip; ;) {
      const next = await iterator.next();
      if (next.done === true) return new Uint8Array();
      if (next.value.length > left) return next.value.subarray(left);
      left -= next.value.length;
    }
  };
}
