import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import * as zlib from "node:zlib";

/**
 * Compresses a stream into one ordinary gzip member, on all cores, where that pays.
 *
 * @param pieces the stream, cut where the pieces are to be compressed one by one: the same pieces give the same bytes
 * @param release told each piece that is not needed any more
 * @returns what to write, in order
 */
export async function* gzip(
  pieces: AsyncIterable<Buffer>,
  release: (piece: Buffer) => void = () => undefined,
): AsyncGenerator<readonly Buffer[]> {
  yield [HEADER];
  const encoding: { piece: Buffer; encoded: Promise<readonly Buffer[]> }[] = [];
  let checksum = 0;
  let length = 0;
  for await (const piece of pieces) {
    checksum = zlib.crc32(piece, checksum);
    length += piece.length;
    const encoded = encode(piece);
    encoded.catch(() => undefined);
    encoding.push({ piece, encoded });
    const [first] = encoding.splice(0, encoding.length < IN_FLIGHT ? 0 : 1);
    if (first === undefined) continue;
    yield await first.encoded;
    release(first.piece);
  }
  for (const { piece, encoded } of encoding) {
    yield await encoded;
    release(piece);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  yield [LAST_BLOCK, trailer];
}

// RFC 1952: magic, deflate, no flags, no time, no hint of the level, "unknown" system.
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
// RFC 1951: an empty block of fixed codes, marked as the last one.
const LAST_BLOCK = Buffer.from([3, 0]);
const STORED_BYTES = 65_535;
const IN_FLIGHT = 2 * availableParallelism() + 2;
const LEVEL = 6;
const WORTH_IT = 0.8;
const SAMPLE_BYTES = 16 * 1024;

const deflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);

async function encode(piece: Buffer): Promise<readonly Buffer[]> {
  return (await compresses(piece)) ? [await deflate(piece, LEVEL)] : store(piece);
}

async function compresses(piece: Buffer): Promise<boolean> {
  const start = Math.max(0, (piece.length - SAMPLE_BYTES) >> 1);
  const sample = piece.subarray(start, start + SAMPLE_BYTES);
  return (await deflate(sample, 1)).length < WORTH_IT * sample.length;
}

/** Blocks that end on a byte's boundary and are not the last: so pieces can be compressed apart and put together. */
function deflate(piece: Buffer, level: number): Promise<Buffer> {
  return deflateRaw(piece, { level, finishFlush: zlib.constants.Z_SYNC_FLUSH, chunkSize: piece.length + 1024 });
}

function store(piece: Buffer): readonly Buffer[] {
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
