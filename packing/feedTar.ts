import type { Extract } from "tar-stream";
import { drained } from "./drained.ts";

/**
 * Feeds an archive to its reader, no faster than it is read. Errors are thrown to whoever reads the archive.
 *
 * @param archive the reader
 * @param chunks the archive, uncompressed
 */
export async function feedTar(archive: Extract, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (!archive.write(chunk) && !archive.destroying) await drained(archive);
      if (archive.destroying) return;
    }
    archive.end(null);
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}
