/** The size of a block in a tar archive; a header takes one, content whole ones. */
export const BLOCK_BYTES = 512;

/** Damage of a tar archive; the message is the reason, without a full stop. */
export class TarError extends Error {
  /** The kind of damage: no tar archive at all, one that is cut off, or one that is damaged. */
  readonly kind: "not-tar" | "truncated" | "damaged";

  constructor(kind: TarError["kind"], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** A header as it stands in the archive, before the headers that extend it are applied. */
export interface TarHeader {
  /** The name, with the prefix of the ustar format. */
  readonly name: Buffer;
  /** The type flag, one character. */
  readonly type: string;
  /** The size of the content in bytes. */
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
  /** The target of a link. */
  readonly linkname: Buffer;
  /** True if the map of a GNU sparse file goes on in the next block. */
  readonly extended: boolean;
}

/**
 * Checks whether a block is a header by its checksum, or the zeros that end an archive. The checksum's own field counts as
 * spaces; ancient programs added signed bytes.
 */
export function hasChecksum(block: Buffer): boolean {
  const own = block.subarray(148, 156);
  const unsigned = sumOf(block) - sumOf(own) + 8 * 0x20;
  const signed = unsigned - 256 * (highBytes(block) - highBytes(own));
  return [unsigned, signed].includes(numberAt(block, 148, 8) ?? -1) || isZero(block);
}

/**
 * Decodes a header, and refuses what Python's tarfile or GNU tar refuses in it: a number that is negative, too large or
 * not a number, in whichever field.
 * Sources: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_92_13_06,
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html,
 * https://github.com/python/cpython/blob/3.13/Lib/tarfile.py (nti, frombuf)
 *
 * @param block the header's block
 * @returns nothing for a block of zeros, which ends the archive
 * @throws TarError of the kind `damaged`
 */
export function decodeHeader(block: Buffer): TarHeader | undefined {
  if (isZero(block)) return undefined;
  const name = stringAt(block, 0, 100);
  const [size = 0, mode = 0] = numberFields.map(([field, at, length]) => {
    const value = numberAt(block, at, length);
    // Only a time may be negative.
    if (value !== undefined || (field === "mtime" && block[at] === 0xff)) return value ?? 0;
    throw new TarError("damaged", `the ${field} of ${name.toString()} is not a valid number`);
  });
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? stringAt(block, 345, 155) : Buffer.alloc(0);
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from("/"), name]) : name,
    type: String.fromCharCode(block[156] ?? 0),
    ...{ size, mode },
    linkname: stringAt(block, 157, 100),
    extended: block[156] === SPARSE && block[482] !== 0,
  };
}

const SPARSE = 0x53;

/** The name, offset and length of each number; size and mode come first. */
const numberFields: readonly (readonly [field: string, at: number, length: number])[] = [
  ["size", 124, 12],
  ["mode", 100, 8],
  ["uid", 108, 8],
  ["gid", 116, 8],
  ["mtime", 136, 12],
  ["devmajor", 329, 8],
  ["devminor", 337, 8],
];

/** Octal digits, or GNU's big-endian bytes after a first byte of 0x80; `undefined` for anything else. */
function numberAt(block: Buffer, at: number, length: number): number | undefined {
  const field = block.subarray(at, at + length);
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0);
    return value <= (length === 8 ? 0xffffffff : Number.MAX_SAFE_INTEGER) ? value : undefined;
  }
  const text = field.toString("latin1");
  return /^ *[0-7]*[ \0]*$/.test(text) ? Number.parseInt(`0${text.trim()}`, 8) : undefined;
}

/** The bytes up to the first NUL. */
function stringAt(block: Buffer, at: number, length: number): Buffer {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

function isZero(bytes: Buffer): boolean {
  return bytes.equals(ZEROS);
}

const ZEROS = Buffer.alloc(BLOCK_BYTES);

function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

function highBytes(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) count += byte >> 7;
  return count;
}
