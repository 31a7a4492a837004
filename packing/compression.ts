import { promisify } from "node:util";
import * as zlib from "node:zlib";

/**
 * Compresses a piece of a stream if it is worth it: if a sample shrinks by at least a fifth. Weights in 32-bit floats
 * shrink by 7 %, which takes longer to compress than to upload; text shrinks to a third. The work runs on libuv's
 * thread pool, so concurrent pieces are compressed on all cores.
 *
 * The result depends on the bytes and on Node's own zlib, which `npm ci` pins along with Node itself; another zlib may
 * produce different bytes for the same content. The processor makes no difference: x86-64 with and without SSE 4 and
 * AVX and ARM64, emulated, all produced the same bytes with zlib 1.3.2.1-motley of Node 24.21.
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
// On two cores, the time that each higher level takes is saved by an upload at 25 MB a second only up to this level.
const LEVEL = 4;

function sampleOf(piece: Uint8Array): Uint8Array {
  if (piece.length <= SAMPLES * SAMPLE_BYTES) return piece;
  const step = Math.floor((piece.length - SAMPLE_BYTES) / (SAMPLES - 1));
  const starts = Array.from({ length: SAMPLES }, (_, index) => index * step);
  return Buffer.concat(starts.map((start) => piece.subarray(start, start + SAMPLE_BYTES)));
}
