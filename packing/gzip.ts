import * as zlib from "node:zlib";
import { compressPiece } from "./compression.ts";

/** A group of compressed bytes to write. */
export interface CompressedPiece {
  /** The bytes. */
  readonly buffers: readonly Buffer[];
  /** The number of bytes of the stream that they represent. */
  readonly length: number;
  /** The buffers to return to the pool once the bytes are written. */
  readonly used: readonly Buffer[];
}

/**
 * Compresses a stream into one ordinary gzip member, on all cores, where it is worth it.
 *
 * @param pieces the stream, split into pieces to compress one by one: the same pieces give the same bytes
 */
export async function* gzip(pieces: AsyncIterable<Buffer>): AsyncGenerator<CompressedPiece> {
  yield { buffers: [HEADER], length: 0, used: [] };
  const compressing: Promise<CompressedPiece>[] = [];
  let checksum = 0;
  let length = 0;
  for await (const piece of pieces) {
    const compressed = compress(piece);
    // A failure is handled when it is the piece's turn; until then nothing awaits it.
    compressed.catch(() => undefined);
    compressing.push(compressed);
    checksum = zlib.crc32(piece, checksum);
    length += piece.length;
    if (compressing.length > AT_ONCE) yield* await first(compressing);
  }
  while (compressing.length > 0) yield* await first(compressing);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  yield { buffers: [LAST_BLOCK, trailer], length: 0, used: [] };
}

// RFC 1952: magic, deflate, no flags, no time, no hint of the level, "unknown" system.
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
// RFC 1951: an empty block with fixed codes, marked as the last one.
const LAST_BLOCK = Buffer.from([3, 0]);
const STORED_BYTES = 65_535;
// Enough for libuv's four threads, but few enough to keep packing below 300 MB.
const AT_ONCE = 8;

function first(compressing: Promise<CompressedPiece>[]): Promise<CompressedPiece[]> {
  return Promise.all(compressing.splice(0, 1));
}

async function compress(piece: Buffer): Promise<CompressedPiece> {
  const compressed = await compressPiece(piece);
  return { buffers: compressed ? [compressed] : store(piece), length: piece.length, used: [piece] };
}

/** Stored blocks of RFC 1951: a type byte, the length, its complement, and the bytes. */
function store(piece: Buffer): Buffer[] {
  const blocks = [];
  for (let start = 0; start < piece.length; start += STORED_BYTES) {
    const block = piece.subarray(start, start + STORED_BYTES);
    const header = Buffer.alloc(5);
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(block.length ^ 0xffff, 3);
    blocks.push(header, block);
  }
  return blocks;
}
