import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

/** A tar archive of entries, each a header and its content; nothing of them is checked. */
export async function tarOfEntries(
  entries: readonly (readonly [Partial<Header> & { name: string }, (string | Buffer)?])[],
): Promise<Buffer> {
  const tar = pack();
  for (const [header, content = ""] of entries) tar.entry({ mtime: new Date(0), ...header }, content);
  tar.finalize();
  const blocks: Buffer[] = [];
  for await (const block of tar) blocks.push(block as Buffer);
  return Buffer.concat(blocks);
}

/** The same, compressed by zlib alone. */
export async function tarGzOfEntries(entries: Parameters<typeof tarOfEntries>[0]): Promise<Buffer> {
  return gzipSync(await tarOfEntries(entries));
}

/** Makes a new folder and removes it, whatever happens meanwhile. */
export async function inNewFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "archive-"));
  try {
    return await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
