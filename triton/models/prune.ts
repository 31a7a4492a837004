import protobuf from "protobufjs";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";
import { GrowingMessage } from "./growingMessage.ts";
import { keptFields, type KeptFields } from "./keptFields.ts";

/** The longest string to keep, in bytes: no name is longer. */
const LONGEST_STRING = 65_536;

/** No real model nests its graphs deeper; a file that does is meant to break its reader. */
const DEEPEST = 100;

/** The amount of a message in each piece, in bytes: a decoded piece only lives as long as it is processed. */
const PIECE_BYTES = 16_384;

const notProtobuf = "it isn't a protobuf message, as models are";

/**
 * Copies a protobuf message without the fields that a schema leaves out, in one pass and without the whole message in
 * memory: gigabytes of a model are reduced to kilobytes, which protobufjs then decodes.
 *
 * @param reader is at the message's first byte, and afterwards behind its last one
 * @param length the message's length in bytes
 * @param type the schema; fields that it doesn't have are skipped
 * @returns the bytes of the fields in the schema
 * @throws DamagedFileError if it is no protobuf message
 */
export async function prune(reader: ForwardReader, length: number, type: protobuf.Type): Promise<Uint8Array> {
  return joined(prunedPieces(reader, length, type));
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/**
 * Copies a protobuf message like {@link prune}, but piece by piece, so that a message with very many fields is never in
 * memory as a whole. Each piece is a message of the same type with some of the fields: if a field isn't a list, the
 * last value counts, and a nested message may come in several pieces too.
 * Source: https://protobuf.dev/programming-guides/encoding/#last-one-wins
 *
 * @param reader is at the message's first byte, and afterwards behind its last one
 * @param length the message's length in bytes
 * @param type the schema; fields that it doesn't have are skipped
 * @throws DamagedFileError if it is no protobuf message
 */
export function prunedPieces(reader: ForwardReader, length: number, type: protobuf.Type): AsyncGenerator<Uint8Array> {
  return pruneMessage(reader, length, keptFields(type), 0);
}

async function* pruneMessage(
  reader: ForwardReader,
  length: number,
  kept: KeptFields,
  depth: number,
): AsyncGenerator<Uint8Array> {
  const end = reader.position + length;
  const message = new GrowingMessage();
  while (reader.position < end) {
    // Most fields are small and already in memory, and thousands of them must not wait for each other.
    const bytes = reader.buffered(Math.min(end - reader.position, PIECE_BYTES));
    const cursor = { bytes, at: 0 };
    pruneFields(cursor, bytes.length, kept, message, depth);
    if (message.length > 0) yield message.take();
    await reader.skip(cursor.at);
    if (cursor.at === 0) yield* pruneField(reader, end, kept, depth);
  }
  if (reader.position !== end) throw new DamagedFileError(notProtobuf);
}

/** Copies the next field, which is large or hasn't been read yet. */
async function* pruneField(
  reader: ForwardReader,
  end: number,
  kept: KeptFields,
  depth: number,
): AsyncGenerator<Uint8Array> {
  const tag = await reader.varint();
  const field = kept.fields[fieldNumber(tag.value)];
  switch (tag.value % 8) {
    case 0: {
      const { bytes } = await reader.varint();
      if (field) yield Buffer.concat([tag.bytes, bytes]);
      return;
    }
    case 1:
    case 5: {
      const bytes = await reader.read(tag.value % 8 === 1 ? 8 : 4);
      if (field) yield Buffer.concat([tag.bytes, bytes]);
      return;
    }
    case 2: {
      const { value: size } = await reader.varint();
      if (reader.position + size > end) throw new DamagedFileError("it is truncated, or isn't a protobuf message");
      if (field?.message) {
        const pieces = pruneMessage(reader, size, field.message, deeper(depth));
        // An empty piece records that the message exists, even if nothing of it is kept.
        const first = field.repeated ? await joined(pieces) : new Uint8Array();
        yield Buffer.concat([tag.bytes, varint(first.length), first]);
        for await (const piece of pieces) yield Buffer.concat([tag.bytes, varint(piece.length), piece]);
      } else if (field && size <= LONGEST_STRING) {
        yield Buffer.concat([tag.bytes, varint(size), await reader.read(size)]);
      } else await reader.skip(size);
      return;
    }
    default:
      throw new DamagedFileError(notProtobuf);
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Copies the fields that are completely in memory, and leaves the cursor behind the last one. */
function pruneFields(cursor: Cursor, end: number, kept: KeptFields, message: GrowingMessage, depth: number): void {
  const { bytes } = cursor;
  while (cursor.at < end) {
    const start = cursor.at;
    const tag = readVarint(cursor, end);
    const field = tag === undefined ? undefined : kept.fields[fieldNumber(tag)];
    const afterTag = cursor.at;
    const size = tag === undefined ? undefined : sizeOf(cursor, end, tag % 8);
    const content = cursor.at;
    if (size === undefined || content + size > end) {
      cursor.at = start;
      return;
    }
    if (field?.message && (tag ?? 0) % 8 === 2) {
      const before = message.length;
      message.add(bytes, start, afterTag);
      const opened = message.open();
      const inner = keptOf(field.message, cursor, content + size);
      pruneFields(cursor, content + size, inner, message, deeper(depth));
      if (cursor.at < content + size) throw new DamagedFileError(notProtobuf);
      const isLeft = message.length > opened || !inner.dropIfEmpty || !(field.repeated || inner !== field.message);
      if (isLeft) message.close(opened);
      else message.truncate(before);
    } else if (field) message.add(bytes, start, content + size);
    cursor.at = content + size;
  }
}

/** The size of a field's content, from its length or its wire type. */
function sizeOf(cursor: Cursor, end: number, wireType: number): number | undefined {
  switch (wireType) {
    case 0:
      return readVarint(cursor, end) === undefined ? undefined : 0;
    case 1:
      return 8;
    case 2:
      return readVarint(cursor, end);
    case 5:
      return 4;
    default:
      throw new DamagedFileError(notProtobuf);
  }
}

function fieldNumber(tag: number): number {
  if (tag < 8) throw new DamagedFileError(notProtobuf);
  return Math.floor(tag / 8);
}

function deeper(depth: number): number {
  if (depth === DEEPEST) throw new DamagedFileError(`it nests more than ${DEEPEST} levels deep`);
  return depth + 1;
}

/** Copies what to keep of the message at the cursor, which is completely in memory. */
function keptOf(kept: KeptFields, { bytes, at }: Cursor, end: number): KeptFields {
  if (!kept.without) return kept;
  for (const cursor = { bytes, at }; cursor.at < end;) {
    const tag = readVarint(cursor, end) ?? 0;
    if (fieldNumber(tag) === kept.without.field) return kept;
    const size = sizeOf(cursor, end, tag % 8) ?? Infinity;
    cursor.at += size;
  }
  return kept.without.kept;
}

/** The number at the cursor; `undefined` if its end isn't in memory. */
function readVarint(cursor: Cursor, end: number): number | undefined {
  let value = 0;
  let unit = 1;
  for (let digit = 0; cursor.at < end; digit++) {
    if (digit === 10) throw new DamagedFileError(notProtobuf);
    const byte = cursor.bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return value;
    unit *= 128;
  }
  return undefined;
}

function varint(value: number): Uint8Array {
  return protobuf.Writer.create().uint32(value).finish();
}
