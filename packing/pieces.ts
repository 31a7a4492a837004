import type { BufferPool } from "./bufferPool.ts";

/**
 * The size in bytes of the pieces that are read, checked and compressed at once; only a file's last piece is smaller.
 */
export const PIECE_BYTES = 2 ** 20;

/** Buffers of at least this size stay separate, so that weights aren't sampled together with surrounding text. */
export const APART_BYTES = 2 ** 16;

/**
 * Combines small buffers, so that thousands of small files are compressed together.
 *
 * @param buffers the stream; buffers of `APART_BYTES` or more come from the pool and are passed on unchanged
 * @param pool provides the memory for combined pieces
 * @returns the same bytes, split at positions that depend only on the sizes of the given buffers
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
