import protobuf from "protobufjs";

/** What is kept of messages of one type. */
export interface KeptFields {
  /** The fields by number; what is missing is left out. */
  readonly fields: readonly (KeptField | undefined)[];
  /** Whether an empty message says nothing: one that holds nothing but messages, as nodes do. */
  readonly saysNothingEmpty: boolean;
  /** What is kept of a message that lacks the field which others count only with. */
  readonly without?: { readonly field: number; readonly kept: KeptFields };
}

/** A field that is kept. */
export interface KeptField {
  /** Whether it is a list. */
  readonly repeated: boolean;
  /** What is kept of the messages in it; absent where it holds none. */
  readonly message?: KeptFields;
}

/**
 * What a schema keeps of its messages. A field with the option `only_with` is kept in messages that have that other field.
 *
 * @param type the schema
 */
export function keptFields(type: protobuf.Type): KeptFields {
  const known = all.get(type);
  if (known) return known;
  const fields = type.fieldsArray.map((field) => field.resolve());
  const [other] = fields.flatMap((field) => otherOf(field) ?? []);
  const kept = listed(fields);
  const without = listed(fields.filter((field) => otherOf(field) === undefined));
  const told = {
    ...kept.told,
    ...(other !== undefined && { without: { field: type.fields[other]?.id ?? 0, kept: without.told } }),
  };
  all.set(type, told);
  // Last, because messages may hold others of their own type.
  kept.fill();
  without.fill();
  return told;
}

const all = new Map<protobuf.Type, KeptFields>();

function listed(from: readonly protobuf.Field[]): { readonly told: KeptFields; readonly fill: () => void } {
  const fields: KeptField[] = [];
  const fill = () => {
    for (const { id, repeated, resolvedType } of from)
      fields[id] = { repeated, ...(resolvedType instanceof protobuf.Type && { message: keptFields(resolvedType) }) };
  };
  return {
    told: { fields, saysNothingEmpty: from.every((field) => field.resolvedType instanceof protobuf.Type) },
    fill,
  };
}

function otherOf(field: protobuf.Field): string | undefined {
  return field.getOption("(only_with)") as string | undefined;
}
