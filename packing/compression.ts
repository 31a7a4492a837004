import { promisify } from "node:util";
import * as zlib from "node:zlib";

/**
 * Compresses a piece of a stream where that pays: where a sample of it shrinks by a fifth at least. Weights in 32-bit floats
 * shrink by 7 %, which takes longer to compress than to upload; text shrinks to a third. The work is done on a thread of
 * libuv's pool, so pieces that are given at the same time are compressed on all cores.
 *
 * The result depends on the bytes and on the zlib inside Node, which `npm ci` pins along with Node itself; another zlib may
 * make other bytes of the same content. The processor makes no difference: x86-64 with and without SSE 4 and AVX and
 * ARM64, emulated, all made the same bytes with zlib 1.3.2.1-motley of Node 24.21.
 *
 * @param piece the bytes
 * @returns the result; nothing where the piece is better stored as it is. It ends on a byte's boundary and is no
 * stream's end, so that pieces that were compressed apart can follow each other in one stream
 */
export async function compressPiece(piece: Uint8Array): Promise<Buffer | undefined> {
  const sample = sampleOf(piece);
  const sampled = zlib.deflateRawSync(sample, { level: SAMPLE_LEVEL, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  if (sampled.length > WORTH_IT * sample.length) return undefined;
  const chunkSize = Math.max(zlib.constants.Z_MIN_CHUNK, Math.ceil(WORTH_IT * piece.length));
  const compressed = await deflateRaw(piece, { level: LEVEL, chunkSize, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  return compressed.length <= WORTH_IT * piece.length ? compressed : undefined;
}

const deflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);
const WORTH_IT = 0.8;
const SAMPLES = 4;
const SAMPLE_BYTES = 4096;
const SAMPLE_LEVEL = 1;
// Of what two cores save by each next level in size, an upload at 25 MB a second wins back the time up to here.
const LEVEL = 4;

function sampleOf(piece: Uint8Array): Uint8Array {
  if (piece.length <= SAMPLES * SAMPLE_BYTES) return piece;
  const step = Math.floor((piece.length - SAMPLE_BYTES) / (SAMPLES - 1));
  const starts = Array.from({ length: SAMPLES }, (_, index) => index * step);
  return Buffer.concat(starts.map((start) => piece.subarray(start, start + SAMPLE_BYTES)));
}
