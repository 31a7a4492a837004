import * as z from "zod";
import { fieldsAt, unwrapped } from "../knownKeys.ts";

/**
 * Decodes a value of Pulumi's configuration, which is always a string, to the type in its schema: objects, lists,
 * numbers and booleans are JSON. Values that don't fit are left for the schema to refuse.
 *
 * @param schema the schema of the expected value
 * @param value the string, or a part of a decoded value
 */
export function decode(schema: z.core.$ZodType, value: unknown): unknown {
  const expected = unwrapped(schema);
  const parsed = typeof value === "string" && !isText(expected) ? fromJson(value) : value;
  if (Array.isArray(parsed)) {
    return expected instanceof z.ZodArray ? parsed.map((item) => decode(expected.element, item)) : parsed;
  }
  if (typeof parsed !== "object" || parsed === null) return parsed;
  const fields = fieldsAt(expected, []);
  return Object.fromEntries(
    Object.entries(parsed).map(([key, inner]) => {
      const field =
        expected instanceof z.ZodRecord ? expected.valueType : Object.hasOwn(fields, key) ? fields[key] : undefined;
      return [key, field ? decode(field, inner) : inner];
    }),
  );
}

function isText(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === "string" || schema._zod.def.type === "enum";
}

/** How many levels a setting may nest; none of them has ten. */
const mostLevels = 100;

function fromJson(text: string): unknown {
  // What is left a string is refused by its schema.
  if (levelsOf(text) > mostLevels) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The deepest nesting of brackets; those inside strings count too, which no setting has so many of. */
function levelsOf(text: string): number {
  let [levels, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    levels += bracket === "[" || bracket === "{" ? 1 : -1;
    most = Math.max(most, levels);
  }
  return most;
}
