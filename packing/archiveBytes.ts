import * as fs from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { TarError } from "./tarHeader.ts";

const CHUNK_BYTES = 2 ** 18;

/**
 * Streams an archive's bytes, uncompressed. Several gzip members are one stream, as for gzip.
 *
 * @param file the archive
 * @throws TarError if something other than zeros follows its last gzip member, zlib's error if it is damaged before
 */
export async function* archiveBytes(file: string, format: "gzip" | "tar"): AsyncGenerator<Uint8Array, undefined> {
  const { size } = await fs.promises.stat(file);
  const read = fs.createReadStream(file, { highWaterMark: Math.min(CHUNK_BYTES, size + 1) });
  try {
    if (format === "tar") {
      yield* read as AsyncIterable<Buffer>;
      return;
    }
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    yield* pipeline(read, gunzip, () => undefined) as AsyncIterable<Buffer>;
    if (gunzip.bytesWritten < size) await refuseTrailingData(file, gunzip.bytesWritten);
  } finally {
    read.destroy();
  }
}

/** Refuses what gzip calls trailing garbage; zlib passes over everything after a zero. */
async function refuseTrailingData(file: string, start: number): Promise<void> {
  for await (const chunk of fs.createReadStream(file, { start, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (!Buffer.alloc(chunk.length).equals(chunk)) throw new TarError("damaged", "data follows its last gzip member");
  }
}
