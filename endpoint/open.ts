import * as z from "zod";
import { unknownYet } from "./unknownYet.ts";

const plainSchemas = new WeakSet<z.core.$ZodType>();

/**
 * Marks a value that decides which resources there are. It must be known when the program runs, so in TritonEndpoint's
 * arguments it can't be another resource's output.
 *
 * @param schema the value's schema
 */
export function plain<S extends z.core.$ZodType>(schema: S): S {
  plainSchemas.add(schema);
  return schema;
}

/**
 * Checks whether a value decides which resources there are: it is marked so, or is an object, whose fields are known by their
 * names.
 *
 * @param schema the value's schema
 */
export function isPlain(schema: z.core.$ZodType): boolean {
  if (plainSchemas.has(schema)) return true;
  const inner = wrapped(schema);
  return inner ? isPlain(inner) : schema instanceof z.ZodObject;
}

/** The same schema, which also allows `unknownYet` wherever a value isn't plain. */
export function open<S extends z.core.$ZodType>(schema: S): S {
  return opened(schema, isPlain(schema));
}

function opened<S extends z.core.$ZodType>(schema: S, plainly: boolean): S {
  const inner = wrapped(schema);
  if (inner) return z.core.clone(schema, { ...schema._zod.def, innerType: opened(inner, plainly) } as S["_zod"]["def"]);
  const parts = openedParts(schema);
  return plainly ? knownOnly(parts) : orUnknown(parts);
}

function wrapped(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? schema.unwrap()
    : undefined;
}

function openedParts<S extends z.core.$ZodType>(schema: S): S {
  const { def } = schema._zod;
  const as = (parts: object) => z.core.clone(schema, { ...def, ...parts });
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape);
    return as({ shape: Object.fromEntries(fields.map(([key, field]) => [key, open(field)])) });
  }
  if (schema instanceof z.ZodArray) return as({ element: open(schema.element) });
  if (schema instanceof z.ZodRecord) return as({ valueType: open(schema.valueType) });
  return schema;
}

function orUnknown<S extends z.core.$ZodType>(schema: S): S {
  return passing(schema, (value) => value === unknownYet);
}

function knownOnly<S extends z.core.$ZodType>(schema: S): S {
  return passing(schema, (value, refuse) => {
    if (value === unknownYet)
      refuse("must be a plain value, not an Output, because it decides which resources there are");
    return false;
  });
}

/** A schema that lets some values through unchecked. */
function passing<S extends z.core.$ZodType>(
  schema: S,
  passes: (value: unknown, refuse: (message: string) => void) => boolean,
): S {
  return z.unknown().transform((value, { issues }) => {
    const before = issues.length;
    if (passes(value, (message) => issues.push({ code: "custom", message, input: value }))) return value;
    if (issues.length > before) return z.NEVER;
    const result = z.core.safeParse(schema, value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  }) as unknown as S;
}
