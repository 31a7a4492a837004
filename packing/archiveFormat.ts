import * as fs from "node:fs";

/** What a file is, told from its first bytes. */
export type ArchiveFormat =
  "gzip" | "tar" | "zip" | "rar" | "7z" | "zstd" | "xz" | "bzip2" | "lz4" | "compress" | "empty" | "unknown";

/**
 * Tells what a file is from its first bytes, whatever its name says.
 *
 * @param file the file
 */
export async function archiveFormat(file: string): Promise<ArchiveFormat> {
  const handle = await fs.promises.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    if (bytesRead === 0) return "empty";
    const known = MAGIC.find(({ bytes, at = 0 }) => buffer.subarray(at, at + bytes.length).equals(bytes));
    return known?.format ?? "unknown";
  } finally {
    await handle.close();
  }
}

const MAGIC: readonly { format: ArchiveFormat; bytes: Buffer; at?: number }[] = [
  { format: "gzip", bytes: Buffer.from([0x1f, 0x8b]) },
  { format: "tar", bytes: Buffer.from("ustar"), at: 257 },
  { format: "zip", bytes: Buffer.from("PK") },
  { format: "zstd", bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { format: "xz", bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { format: "bzip2", bytes: Buffer.from("BZh") },
  { format: "rar", bytes: Buffer.from("Rar!") },
  { format: "7z", bytes: Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) },
  { format: "lz4", bytes: Buffer.from([0x04, 0x22, 0x4d, 0x18]) },
  { format: "compress", bytes: Buffer.from([0x1f, 0x9d]) },
];
