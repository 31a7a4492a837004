import protobuf from "protobufjs";

/** The fields to keep in messages of one type. */
export interface KeptFields {
  /** The fields by number; all others are dropped. */
  readonly fields: readonly (KeptField | undefined)[];
  /** True if an empty message can be dropped from a list, or where the field below is missing. */
  readonly dropIfEmpty: boolean;
  /** The fields to keep in a message without the field that the others depend on. */
  readonly without?: { readonly field: number; readonly kept: KeptFields };
}

/** A field to keep. */
export interface KeptField {
  /** True if it is a list. */
  readonly repeated: boolean;
  /** The fields to keep in its messages; absent if it isn't a message. */
  readonly message?: KeptFields;
}

/**
 * Derives what to keep from a schema. A field with the option `only_with` is only kept in messages that have that other
 * field; an empty message with the option `drop_if_empty` is dropped.
 *
 * @param type the schema
 */
export function keptFields(type: protobuf.Type): KeptFields {
  const known = all.get(type);
  if (known) return known;
  const fields = type.fieldsArray.map((field) => field.resolve());
  const [other] = fields.flatMap((field) => otherOf(field) ?? []);
  const dropIfEmpty = type.getOption("(drop_if_empty)") === true;
  const whole = listed(fields, dropIfEmpty);
  const without = listed(
    fields.filter((field) => otherOf(field) === undefined),
    dropIfEmpty,
  );
  const kept = {
    ...whole.kept,
    ...(other !== undefined && { without: { field: type.fields[other]?.id ?? 0, kept: without.kept } }),
  };
  all.set(type, kept);
  // Last, because messages may contain their own type.
  whole.fill();
  without.fill();
  return kept;
}

const all = new Map<protobuf.Type, KeptFields>();

function listed(
  from: readonly protobuf.Field[],
  dropIfEmpty: boolean,
): { readonly kept: KeptFields; readonly fill: () => void } {
  const fields: KeptField[] = [];
  const fill = () => {
    for (const { id, repeated, resolvedType } of from)
      fields[id] = { repeated, ...(resolvedType instanceof protobuf.Type && { message: keptFields(resolvedType) }) };
  };
  return { kept: { fields, dropIfEmpty }, fill };
}

function otherOf(field: protobuf.Field): string | undefined {
  return field.getOption("(only_with)") as string | undefined;
}
