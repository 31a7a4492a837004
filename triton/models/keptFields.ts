import protobuf from "protobufjs";

/** The fields to keep in messages of one type. */
export interface KeptFields {
  /** The fields by number; all others are dropped. */
  readonly fields: readonly (KeptField | undefined)[];
  /** Whether an empty message can be dropped from a list, or where the field below is missing. */
  readonly saysNothingEmpty: boolean;
  /** The fields to keep in a message without the field that the others depend on. */
  readonly without?: { readonly field: number; readonly kept: KeptFields };
}

/** A field to keep. */
export interface KeptField {
  /** Whether it is a list. */
  readonly repeated: boolean;
  /** What to keep in its messages; absent if it isn't a message. */
  readonly message?: KeptFields;
}

/**
 * Derives what to keep from a schema. A field with the option `only_with` is only kept in messages that have that other
 * field; an empty message with the option `empty_says_nothing` is dropped.
 *
 * @param type the schema
 */
export function keptFields(type: protobuf.Type): KeptFields {
  const known = all.get(type);
  if (known) return known;
  const fields = type.fieldsArray.map((field) => field.resolve());
  const [other] = fields.flatMap((field) => otherOf(field) ?? []);
  const saysNothingEmpty = type.getOption("(empty_says_nothing)") === true;
  const kept = listed(fields, saysNothingEmpty);
  const without = listed(
    fields.filter((field) => otherOf(field) === undefined),
    saysNothingEmpty,
  );
  const told = {
    ...kept.told,
    ...(other !== undefined && { without: { field: type.fields[other]?.id ?? 0, kept: without.told } }),
  };
  all.set(type, told);
  // Last, because messages may contain their own type.
  kept.fill();
  without.fill();
  return told;
}

const all = new Map<protobuf.Type, KeptFields>();

function listed(
  from: readonly protobuf.Field[],
  saysNothingEmpty: boolean,
): { readonly told: KeptFields; readonly fill: () => void } {
  const fields: KeptField[] = [];
  const fill = () => {
    for (const { id, repeated, resolvedType } of from)
      fields[id] = { repeated, ...(resolvedType instanceof protobuf.Type && { message: keptFields(resolvedType) }) };
  };
  return { told: { fields, saysNothingEmpty }, fill };
}

function otherOf(field: protobuf.Field): string | undefined {
  return field.getOption("(only_with)") as string | undefined;
}
