import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { isIdentifier } from "../endpoint/fields.ts";
import { fieldsAt, unwrapped } from "../endpoint/knownKeys.ts";
import { formatPath, type Path } from "../endpoint/problem.ts";
import { endpointSchema } from "../endpoint/schema.ts";

/**
 * Checks whether the value of an output counts as known: another resource's id does only if it looks like one, because mocks
 * make it up.
 *
 * @param path the argument's path
 * @param value the output's value
 */
export function isSound(path: Path, value: unknown): boolean {
  const schema = schemaAt(path);
  const single = schema instanceof z.ZodArray ? schema.element : schema;
  return !single || !isIdentifier(unwrapped(single)) || [value].flat().every((id) => z.safeParse(single, id).success);
}

/**
 * Checks whether an output has no value because the mocks of a unit test left it undefined. That says nothing about the
 * arguments.
 *
 * @param value the output's value
 */
export function isMissing(value: unknown): boolean {
  return value === undefined && !pulumi.runtime.hasEngine();
}

/**
 * A value of the right type in place of a missing one.
 *
 * @param path the argument's path
 */
export function standIn(path: Path): unknown {
  const schema = schemaAt(path);
  if (schema instanceof z.ZodArray) return [];
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return `\${${formatPath(path)}}`;
  if (schema instanceof z.ZodLiteral) return schema.values.values().next().value;
  return schema instanceof z.ZodNumber ? (schema.minValue ?? 0) : undefined;
}

function schemaAt(path: Path): z.core.$ZodType | undefined {
  const key = path.findLastIndex((part) => typeof part === "string");
  const field = fieldsAt(endpointSchema, path.slice(0, key))[String(path[key])];
  return field && unwrapped(field);
}
