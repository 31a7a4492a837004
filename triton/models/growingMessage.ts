/** A protobuf message built in a growing buffer, without an object for each field. */
export class GrowingMessage {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** Its size in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Takes the message so far and starts a new one. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /**
   * Adds encoded bytes: a field or a field's tag.
   *
   * @param bytes the buffer with the bytes
   * @param start the first one
   * @param end behind the last one
   */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#makeRoom(length);
    // Most fields are short, and a loop is faster for them.
    if (length > 64) this.#bytes.set(bytes.subarray(start, end), this.#length);
    else for (let at = 0; at < length; at++) this.#bytes[this.#length + at] = bytes[start + at] ?? 0;
    this.#length += length;
  }

  /**
   * Starts a nested message, after its tag.
   *
   * @returns the offset of its content
   */
  open(): number {
    this.#makeRoom(1);
    return ++this.#length;
  }

  /**
   * Ends a nested message.
   *
   * @param content the offset of its content, from `open`
   */
  close(content: number): void {
    let left = this.#length - content;
    // One byte was reserved for the length; if it needs more, the content moves.
    const more = left < 128 ? 0 : Math.floor(Math.log2(left) / 7);
    if (more > 0) {
      this.#makeRoom(more);
      this.#bytes.copyWithin(content + more, content, this.#length);
      this.#length += more;
    }
    for (let at = content - 1; at < content + more; at++) {
      this.#bytes[at] = (left & 0x7f) | (at === content - 1 + more ? 0 : 0x80);
      left >>>= 7;
    }
  }

  /**
   * Removes what was added last.
   *
   * @param length how many bytes to keep
   */
  truncate(length: number): void {
    this.#length = length;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#length + more));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
