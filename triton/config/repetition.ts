import protobuf from "protobufjs";
import { integer } from "./scalars.ts";
import type { SchemaProblem } from "./schemaProblems.ts";
import type { TextField, TextValue } from "./textFormat.ts";

/**
 * Finds a field that is set again, or that takes one value and gets a list. Protobuf's parser can't tell a scalar at
 * its default from one that isn't set, so it replaces that; entries of a map and members of a "oneof" keep track.
 * Source: `ConsumeField` in https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/text_format.cc
 *
 * @param inside the message that contains the field
 * @param seen the fields so far, by name or "oneof"; the field is added
 * @param entry true if the message is an entry of a map
 */
export function repetitionProblems(
  schema: protobuf.Field,
  inside: TextValue,
  field: TextField,
  seen: Map<string, TextField>,
  entry: boolean,
): SchemaProblem[] {
  const { name, line } = field;
  if (schema.repeated || schema.map) return [];
  // Only one of the fields of a "oneof" may be set.
  const slot = schema.partOf?.name ?? name;
  const earlier = seen.get(slot);
  seen.set(slot, field);
  const found = (code: SchemaProblem["code"], message: string, remedy = "Keep one of the two."): SchemaProblem[] => [
    { code, line, inside, message, remedy },
  ];
  if (field.list)
    return found("config-repeated-field", `"${name}" takes one value, not a list.`, "Remove the brackets.");
  if (!earlier) return [];
  if (earlier.name !== name) {
    const other = `"${earlier.name}" in line ${earlier.line}`;
    return found("config-repeated-field", `"${name}" can't be combined with ${other}: only one of them may be set.`);
  }
  const already = `"${name}" is already set in line ${earlier.line}`;
  if (entry || schema.partOf || !isDefault(schema, earlier)) return found("config-repeated-field", `${already}.`);
  return found("config-repeated-default", `${already}, to its default, which Triton replaces by this value.`).map(
    (problem) => ({ ...problem, replaced: earlier }),
  );
}

function isDefault({ type, resolvedType }: protobuf.Field, { values: [value] }: TextField): boolean {
  if (!value || value.kind === "message" || resolvedType instanceof protobuf.Type) return false;
  const { text } = value;
  if (resolvedType instanceof protobuf.Enum) return (resolvedType.values[text] ?? Number(integer(text) ?? -1n)) === 0;
  switch (type) {
    case "string":
      return text === "";
    case "bool":
      return /^(false|False|f)$/.test(text) || integer(text) === 0n;
    case "float":
      return Object.is(Math.fround(Number.parseFloat(text)), 0);
    case "double":
      return Object.is(Number.parseFloat(text), 0);
    default:
      return integer(text) === 0n;
  }
}
