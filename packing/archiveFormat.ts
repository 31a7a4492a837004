import * as fs from "node:fs";

/** The format of a file, detected from its first bytes. */
export type ArchiveFormat =
  | "gzip"
  | "tar"
  | "zip"
  | "rar"
  | "7z"
  | "zstd"
  | "xz"
  | "lzma"
  | "lzip"
  | "bzip2"
  | "lz4"
  | "compress"
  | "lfs"
  | "empty"
  | "unknown";

/** Detects a file's format from its first bytes, whatever its name is. */
export async function archiveFormat(file: string): Promise<ArchiveFormat> {
  const handle = await fs.promises.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return formatOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/**
 * Detects the format of a file or of compressed content from its first bytes.
 *
 * @param bytes the first 512 bytes, or all if it is shorter
 */
export function formatOf(bytes: Uint8Array): ArchiveFormat {
  if (bytes.length === 0) return "empty";
  const first = Buffer.from(bytes);
  return (
    MAGIC.find(({ bytes: magic, at = 0 }) => first.subarray(at, at + magic.length).equals(magic))?.format ?? "unknown"
  );
}

const MAGIC: readonly { format: ArchiveFormat; bytes: Buffer; at?: number }[] = [
  { format: "gzip", bytes: Buffer.from([0x1f, 0x8b]) },
  { format: "tar", bytes: Buffer.from("ustar"), at: 257 },
  { format: "zip", bytes: Buffer.from("PK") },
  { format: "zstd", bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { format: "xz", bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { format: "lzma", bytes: Buffer.from([0x5d, 0, 0]) },
  { format: "lzip", bytes: Buffer.from("LZIP") },
  { format: "bzip2", bytes: Buffer.from("BZh") },
  { format: "rar", bytes: Buffer.from("Rar!") },
  { format: "7z", bytes: Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) },
  { format: "lz4", bytes: Buffer.from([0x04, 0x22, 0x4d, 0x18]) },
  { format: "lfs", bytes: Buffer.from("version https://git-lfs.github.com/") },
  { format: "compress", bytes: Buffer.from([0x1f, 0x9d]) },
];
