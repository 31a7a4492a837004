import protobuf from "protobufjs";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";

/** The longest string that is kept, in bytes: no name is longer. */
const LONGEST_STRING = 65_536;

/** No model nests its graphs deeper; a file that does is made to break its reader. */
const DEEPEST = 100;

const notProtobuf = "it is no protobuf message, as models are";

/**
 * Copies a protobuf message without what a schema leaves out, in one pass and without holding the message itself: what is
 * left of a model of gigabytes are kilobytes, which protobufjs then decodes.
 *
 * @param reader stands at the message's first byte, and afterwards behind its last one
 * @param length the message's length in bytes
 * @param type the schema: a field that it does not have is passed over
 * @param depth how many messages are around it. Default: 0
 * @returns the message's bytes as far as the schema knows them
 * @throws DamagedFileError where it is no protobuf message
 */
export async function prune(
  reader: ForwardReader,
  length: number,
  type: protobuf.Type,
  depth = 0,
): Promise<Uint8Array> {
  const end = reader.position + length;
  const kept: Uint8Array[] = [];
  while (reader.position < end) {
    // Most fields are small and in memory already, and thousands of them must not wait for each other.
    const consumed = pruneFields(reader.buffered(end - reader.position), type, kept, depth);
    await reader.skip(consumed);
    if (consumed === 0) await pruneField(reader, end, type, kept, depth);
  }
  if (reader.position !== end) throw new DamagedFileError(notProtobuf);
  return Buffer.concat(kept);
}

/** Copies the next field, which is large or not yet read. */
async function pruneField(
  reader: ForwardReader,
  end: number,
  type: protobuf.Type,
  kept: Uint8Array[],
  depth: number,
): Promise<void> {
  const tag = await reader.varint();
  const field = fieldOf(type, tag.value);
  switch (tag.value % 8) {
    case 0: {
      const { bytes } = await reader.varint();
      if (field) kept.push(tag.bytes, bytes);
      return;
    }
    case 1:
    case 5: {
      const bytes = await reader.read(tag.value % 8 === 1 ? 8 : 4);
      if (field) kept.push(tag.bytes, bytes);
      return;
    }
    case 2: {
      const { value: size } = await reader.varint();
      if (reader.position + size > end) throw new DamagedFileError("it ends early, or is no protobuf message");
      const nested = field?.resolvedType;
      if (field && nested instanceof protobuf.Type) {
        keepNested(kept, tag.bytes, await prune(reader, size, nested, deeper(depth)), field);
      } else if (field && size <= LONGEST_STRING) {
        kept.push(tag.bytes, varint(size), await reader.read(size));
      } else await reader.skip(size);
      return;
    }
    default:
      throw new DamagedFileError(notProtobuf);
  }
}

/**
 * Copies the fields that are in memory as a whole.
 *
 * @returns how many bytes they have, those that are passed over included
 */
function pruneFields(bytes: Uint8Array, type: protobuf.Type, kept: Uint8Array[], depth: number): number {
  const cursor = { at: 0 };
  let consumed = 0;
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const tag = readVarint(bytes, cursor);
    if (tag === undefined) break;
    const field = fieldOf(type, tag);
    const afterTag = cursor.at;
    const size = sizeOf(bytes, cursor, tag % 8);
    if (size === undefined || cursor.at + size > bytes.length) break;
    const content = cursor.at;
    cursor.at = consumed = content + size;
    if (!field) continue;
    const nested = field.resolvedType;
    if (!(nested instanceof protobuf.Type)) kept.push(bytes.slice(start, consumed));
    else {
      const inner: Uint8Array[] = [];
      const whole = bytes.subarray(content, consumed);
      if (pruneFields(whole, nested, inner, deeper(depth)) < size) throw new DamagedFileError(notProtobuf);
      keepNested(kept, bytes.slice(start, afterTag), inner.length === 0 ? nothing : Buffer.concat(inner), field);
    }
  }
  return consumed;
}

/** How large a field's content is: read from it, or what its wire type says. */
function sizeOf(bytes: Uint8Array, cursor: { at: number }, wireType: number): number | undefined {
  switch (wireType) {
    case 0:
      return readVarint(bytes, cursor) === undefined ? undefined : 0;
    case 1:
      return 8;
    case 2:
      return readVarint(bytes, cursor);
    case 5:
      return 4;
    default:
      throw new DamagedFileError(notProtobuf);
  }
}

function fieldOf(type: protobuf.Type, tag: number): protobuf.Field | undefined {
  if (tag < 8) throw new DamagedFileError(notProtobuf);
  return type.fieldsById[Math.floor(tag / 8)]?.resolve();
}

function deeper(depth: number): number {
  if (depth === DEEPEST) throw new DamagedFileError(`it nests more than ${DEEPEST} levels deep`);
  return depth + 1;
}

/**
 * Keeps a message that is left, also an empty one: an empty dimension is one of any size, and an empty shape a scalar's. Only
 * in a list of messages that hold nothing but messages, as nodes do, an empty one says nothing.
 */
function keepNested(kept: Uint8Array[], tag: Uint8Array, content: Uint8Array, field: protobuf.Field): void {
  const nested = field.resolvedType;
  const saysNothing =
    content.length === 0 &&
    field.repeated &&
    nested instanceof protobuf.Type &&
    nested.fieldsArray.every(({ resolvedType }) => resolvedType instanceof protobuf.Type);
  if (!saysNothing) kept.push(tag, varint(content.length), content);
}

const nothing = new Uint8Array();

/** The number at the cursor; `undefined` where its end is not in memory. */
function readVarint(bytes: Uint8Array, cursor: { at: number }): number | undefined {
  let value = 0;
  for (let digit = 0; cursor.at < bytes.length; digit++) {
    if (digit === 10) throw new DamagedFileError(notProtobuf);
    const byte = bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * digit);
    if (byte < 0x80) return value;
  }
  return undefined;
}

function varint(value: number): Uint8Array {
  return protobuf.Writer.create().uint32(value).finish();
}
