import protobuf from "protobufjs";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";

/** Up to this size protobufjs reads a message as a whole, which is faster than asking for each of its fields. */
const SMALL_BYTES = 4096;

/** The longest string that is kept, in bytes: no name is longer. */
const LONGEST_STRING = 65_536;

const notProtobuf = "it is no protobuf message, as models are";

/** No model nests its graphs deeper; a file that does is made to break its reader. */
const DEEPEST = 100;

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
  if (depth > DEEPEST) throw new DamagedFileError(`it nests more than ${DEEPEST} levels deep`);
  const end = reader.position + length;
  const kept: Uint8Array[] = [];
  while (reader.position < end) {
    const tag = await reader.varint();
    const field = type.fieldsById[Math.floor(tag.value / 8)]?.resolve();
    const wireType = tag.value % 8;
    if (tag.value < 8) throw new DamagedFileError(notProtobuf);
    if (wireType === 2) {
      const { value: size } = await reader.varint();
      if (reader.position + size > end) throw new DamagedFileError("it ends early, or is no protobuf message");
      const content = await keep(reader, size, field, depth);
      if (content) kept.push(tag.bytes, lengthPrefix(content.length), content);
    } else if (wireType === 0) {
      const { bytes } = await reader.varint();
      if (field) kept.push(tag.bytes, bytes);
    } else if (wireType === 1 || wireType === 5) {
      const bytes = await reader.read(wireType === 1 ? 8 : 4);
      if (field) kept.push(tag.bytes, bytes);
    } else throw new DamagedFileError(notProtobuf);
  }
  if (reader.position !== end) throw new DamagedFileError(notProtobuf);
  return Buffer.concat(kept);
}

/** What is kept of a field's content; nothing where the schema has no use for it. */
async function keep(
  reader: ForwardReader,
  size: number,
  field: protobuf.Field | undefined,
  depth: number,
): Promise<Uint8Array | undefined> {
  const nested = field?.resolvedType;
  if (nested instanceof protobuf.Type) {
    return size > SMALL_BYTES ? prune(reader, size, nested, depth + 1) : pruneSmall(await reader.read(size), nested);
  }
  if (field && size <= LONGEST_STRING) return reader.read(size);
  await reader.skip(size);
  return undefined;
}

/** The same for a message that is in memory. */
function pruneSmall(bytes: Uint8Array, type: protobuf.Type): Uint8Array {
  const reader = protobuf.Reader.create(bytes);
  const kept: Uint8Array[] = [];
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const tag = reader.uint32();
      const field = type.fieldsById[tag >>> 3]?.resolve();
      const afterTag = reader.pos;
      reader.skipType(tag & 7);
      if (!field) continue;
      const nested = field.resolvedType;
      if (!(nested instanceof protobuf.Type)) {
        kept.push(bytes.subarray(start, reader.pos));
        continue;
      }
      const content = protobuf.Reader.create(bytes.subarray(afterTag, reader.pos)).bytes();
      const pruned = pruneSmall(content, nested);
      kept.push(bytes.subarray(start, afterTag), lengthPrefix(pruned.length), pruned);
    }
  } catch {
    throw new DamagedFileError(notProtobuf);
  }
  return kept.length === 0 ? nothing : Buffer.concat(kept);
}

const nothing = new Uint8Array();

function lengthPrefix(length: number): Uint8Array {
  return protobuf.Writer.create().uint32(length).finish();
}
