import { closest } from "../../text/nearest.ts";
import protobuf from "protobufjs";
import { repetitionProblems } from "./repetition.ts";
import { integer, scalarProblem } from "./scalars.ts";
import type { TextField, TextValue } from "./textFormat.ts";
import { table } from "../../text/table.ts";

/** A place where a text doesn't fit a message's schema. */
export interface SchemaProblem {
  /** A stable code in kebab case. */
  readonly code:
    | "config-unknown-field"
    | "config-wrong-type"
    | "config-unknown-value"
    | "config-repeated-field"
    | "config-repeated-default";
  /** The line, from 1. */
  readonly line: number;
  /** The problem, as a sentence. */
  readonly message: string;
  /** The remedy, as a sentence. */
  readonly remedy: string;
  /** The message that contains the field. */
  readonly inside: TextValue;
  /** An earlier field that Triton replaces by this one. */
  readonly replaced?: TextField;
}

/**
 * Finds every place where a protobuf text doesn't fit its schema; protobufjs only reports the first.
 *
 * @param type the schema of the message
 * @param message the outline of the text
 * @internal
 */
export function schemaProblems(type: protobuf.Type, message: TextValue): SchemaProblem[] {
  return messageProblems(type.name, type.fieldsArray, message);
}

function messageProblems(
  name: string,
  schemas: readonly protobuf.Field[],
  message: TextValue,
  entry = false,
): SchemaProblem[] {
  const seen = new Map<string, TextField>();
  return message.fields.flatMap((field) => {
    const schema = schemas.find((schema) => schema.name === field.name)?.resolve();
    if (!schema) return [unknownField(name, schemas, message, field)];
    return [
      ...repetitionProblems(schema, message, field, seen, entry),
      ...field.values.flatMap((value) => valueProblems(schema, message, field, value)),
    ];
  });
}

function unknownField(
  of: string,
  schemas: readonly protobuf.Field[],
  inside: TextValue,
  { name, line }: TextField,
): SchemaProblem {
  const names = schemas.map((schema) => schema.name);
  return {
    code: "config-unknown-field",
    line,
    inside,
    message: `"${name}" is no field of ${of}.`,
    remedy: `Did you mean "${closest(name, names)}"?`,
  };
}

function valueProblems(schema: protobuf.Field, inside: TextValue, field: TextField, value: TextValue): SchemaProblem[] {
  const wrong = (expected: string): SchemaProblem[] => [
    {
      code: "config-wrong-type",
      line: value.line,
      inside,
      message: `"${field.name}" takes ${expected}, not ${describe(value)}.`,
      remedy: `Write ${expected}.`,
    },
  ];
  if (schema instanceof protobuf.MapField) {
    return value.kind === "message" ? mapEntryProblems(schema, value) : wrong("{ key: … value: … }");
  }
  const { resolvedType } = schema;
  if (resolvedType instanceof protobuf.Type) {
    return value.kind === "message" ? schemaProblems(resolvedType, value) : wrong("a message in braces");
  }
  if (resolvedType instanceof protobuf.Enum) {
    if (value.kind !== "word") return wrong("one of its names, without quotes");
    if (Object.hasOwn(resolvedType.values, value.text)) return [];
    if (String(integer(value.text)) in resolvedType.valuesById) return [];
    const names = Object.keys(resolvedType.values).filter((name) => name !== "TYPE_INVALID");
    return [
      {
        code: "config-unknown-value",
        line: value.line,
        inside,
        message: `"${value.text}" isn't a value of "${field.name}": use one of ${names.join(", ")}.`,
        remedy: `Did you mean ${elsewhere[value.text.replace(/^TYPE_/i, "").toUpperCase()] ?? closest(value.text, names)}?`,
      },
    ];
  }
  const expected = scalarProblem(schema.type, value);
  if (expected) return wrong(expected);
  // A scalar needs its colon; a message does not.
  return field.colon
    ? []
    : [
        {
          code: "config-wrong-type",
          line: field.line,
          inside,
          message: `"${field.name}" lacks the colon before its value.`,
          remedy: `Write "${field.name}: …".`,
        },
      ];
}

/** Names of Triton's types in other programs and Triton's own clients. */
const elsewhere: Readonly<Record<string, string | undefined>> = table({
  BYTES: "TYPE_STRING",
  HALF: "TYPE_FP16",
  FLOAT16: "TYPE_FP16",
  BFLOAT16: "TYPE_BF16",
  FLOAT: "TYPE_FP32",
  FLOAT32: "TYPE_FP32",
  DOUBLE: "TYPE_FP64",
  FLOAT64: "TYPE_FP64",
});

function mapEntryProblems(schema: protobuf.MapField, entry: TextValue): SchemaProblem[] {
  // The entries of a map are messages with a key and a value.
  const key = new protobuf.Field("key", 1, schema.keyType);
  const value = new protobuf.Field("value", 2, schema.type);
  value.resolvedType = schema.resolvedType;
  value.resolved = true;
  return messageProblems(`an entry of "${schema.name}"`, [key, value], entry, true);
}

function describe({ kind, text }: TextValue): string {
  if (kind === "message") return "a message in braces";
  return kind === "string" ? `the string "${text}"` : text;
}
