import * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import { part, unwrapped } from "../../endpoint/knownKeys.ts";
import { isPlain } from "../../endpoint/open.ts";
import { endpointSchema } from "../../endpoint/schema.ts";

/**
 * An endpoint's arguments with an output that mocks leave undefined wherever the arguments allow an Output.
 *
 * @param args the arguments
 * @param missing makes such an output
 */
export function withMissingOutputs<T extends object>(args: T, missing: () => pulumi.Output<unknown>): T {
  return replaced(endpointSchema, args, missing) as T;
}

function replaced(schema: z.core.$ZodType, value: unknown, missing: () => pulumi.Output<unknown>): unknown {
  if (pulumi.Output.isInstance(value) || pulumi.Resource.isInstance(value)) return value;
  if (!isPlain(schema)) return missing();
  const inner = unwrapped(schema);
  if (Array.isArray(value)) return value.map((item) => replacedPart(inner, 0, item, missing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replacedPart(inner, key, item, missing)] as const),
  );
}

function replacedPart(
  schema: z.core.$ZodType,
  key: string | number,
  value: unknown,
  missing: () => pulumi.Output<unknown>,
): unknown {
  const own = part(schema, key);
  return own ? replaced(own, value, missing) : value;
}
