/**
 * Gives the bytes that follow: first passes over `skip` bytes without keeping them, then returns a chunk of any size, an
 * empty one at the end of the file. What can seek seeks; what can't reads and drops.
 */
export type NextChunk = (skip: number) => Promise<Uint8Array>;

/** What is wrong with the bytes of a model's file; the message is the reason, to be read after the file's name. */
export class DamagedFileError extends Error {}

/**
 * Reads a file from its beginning to its end and passes over what nobody needs, so that gigabytes of weights cost nothing.
 * Works the same on a file, which can seek, and on an archive's entry, which can't.
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
   * @param next where its bytes come from
   */
  constructor(size: number, next: NextChunk) {
    this.size = size;
    this.#next = next;
  }

  /** How many bytes were read or passed over. */
  get position(): number {
    return this.#position;
  }

  /**
   * Reads bytes; the result may be a view of memory that stays as it is.
   *
   * @param length how many
   * @throws DamagedFileError where the file ends before
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
    const [only, ...others] = pieces;
    return only && others.length === 0 ? only : Buffer.concat(pieces);
  }

  /**
   * Looks at the bytes that follow, without reading past them.
   *
   * @param length how many; fewer where the file ends before
   */
  async peek(length: number): Promise<Uint8Array> {
    const bytes = await this.read(Math.min(length, this.size - this.#position));
    this.#chunk = Buffer.concat([bytes, this.#chunk.subarray(this.#at)]);
    this.#at = 0;
    this.#position -= bytes.length;
    return bytes;
  }

  /**
   * The bytes that are in memory already, without reading past them.
   *
   * @param most how many at most
   */
  buffered(most: number): Uint8Array {
    return this.#chunk.subarray(this.#at, Math.min(this.#chunk.length, this.#at + most));
  }

  /**
   * Passes over bytes.
   *
   * @param length how many
   * @throws DamagedFileError where the file ends before
   */
  async skip(length: number): Promise<void> {
    this.#require(length);
    const left = this.#chunk.length - this.#at;
    this.#position += length;
    if (length <= left) this.#at += length;
    // At the very end there is nothing to read ahead.
    else if (this.#position === this.size) this.#chunk = this.#chunk.subarray((this.#at = 0), 0);
    else await this.#advance(length - left);
  }

  /**
   * Reads one of protobuf's variable-length numbers.
   *
   * @returns the number, rounded where it exceeds 2⁵³, and the bytes that stand for it
   * @throws DamagedFileError where there is none
   */
  async varint(): Promise<{ readonly value: number; readonly bytes: Uint8Array }> {
    const bytes: number[] = [];
    let value = 0;
    for (let byte = 0x80; byte >= 0x80;) {
      if (bytes.length === 10) throw new DamagedFileError("it holds a number of more than ten bytes");
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
    throw new DamagedFileError("it ends early");
  }

  async #advance(skip: number): Promise<void> {
    this.#chunk = await this.#next(skip);
    this.#at = 0;
    if (this.#chunk.length === 0) this.#end();
  }
}

/**
 * Reads the chunks of a stream, which can only go forwards.
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
