import type { BufferPool } from "./bufferPool.ts";

/** The size in bytes of what is read, checked and compressed at once; only the last piece of a file is smaller. */
export const PIECE_BYTES = 2 ** 20;

/** From this size on, what arrives stays apart: a piece of weights is not to be judged together with text around it. */
export const APART_BYTES = 2 ** 16;

/**
 * Gathers what arrives in small buffers, so that thousands of small files are compressed together.
 *
 * @param buffers the stream; buffers of `APART_BYTES` or more come from the pool and are passed on as they are
 * @param pool where the memory of gathered pieces comes from
 * @returns the same bytes; where they are cut depends on nothing but the sizes that arrived
 */
export async function* gather(buffers: AsyncIterable<Buffer>, pool: BufferPool): AsyncGenerator<Buffer> {
  let piece: Buffer | undefined;
  let filled = 0;
  for await (const buffer of buffers) {
    const isApart = buffer.length >= APART_BYTES;
    if (piece && (isApart || filled + buffer.length > piece.length)) {
      yield piece.subarray(0, filled);
      piece = undefined;
      filled = 0;
    }
    if (isApart) yield buffer;
    else {
      piece ??= pool.take(pool.size);
      filled += buffer.copy(piece, filled);
    }
  }
  if (piece) yield piece.subarray(0, filled);
}
