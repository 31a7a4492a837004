/**
 * Describes bytes that aren't text, for a terminal: their kind if their beginning tells it, their number, and the first
 * eight.
 *
 * @param bytes the bytes
 * @returns for example `JPEG image, 48213 bytes: ff d8 ff e0 00 10 4a 46 …`
 */
export function describeBytes(bytes: Uint8Array): string {
  const kind = kinds.find(([, begins, at = 0]) => begins.every((byte, index) => bytes[at + index] === byte))?.[0];
  const size = `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}`;
  const first = Array.from(bytes.subarray(0, mostShown), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const rest = bytes.length > mostShown ? " …" : "";
  return `${kind === undefined ? "" : `${kind}, `}${size}${first === "" ? "" : `: ${first}${rest}`}`;
}

const mostShown = 8;

/** What models answer with, its first bytes, and where these are. Source: https://www.garykessler.net/library/file_sigs.html */
const kinds: readonly (readonly [kind: string, begins: readonly number[], at?: number])[] = [
  ["JPEG image", [0xff, 0xd8, 0xff]],
  ["PNG image", [0x89, ...ascii("PNG")]],
  ["GIF image", ascii("GIF8")],
  ["WebP image", ascii("WEBP"), 8],
  ["TIFF image", [...ascii("II"), 42, 0]],
  ["TIFF image", [...ascii("MM"), 0, 42]],
  ["WAV sound", ascii("WAVE"), 8],
  ["FLAC sound", ascii("fLaC")],
  ["Ogg file", ascii("OggS")],
  ["MP3 sound", ascii("ID3")],
  ["MP4 file", ascii("ftyp"), 4],
  ["PDF document", ascii("%PDF")],
  ["numpy array", [0x93, ...ascii("NUMPY")]],
  ["zip archive", [...ascii("PK"), 3, 4]],
  ["gzip file", [0x1f, 0x8b]],
  ["zstd file", [0x28, 0xb5, 0x2f, 0xfd]],
];

function ascii(text: string): readonly number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
