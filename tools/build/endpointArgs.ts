import * as z from "zod";
import { unwrapped } from "../../endpoint/knownKeys.ts";
import { isPlain } from "../../endpoint/open.ts";
import { endpointSchema } from "../../endpoint/schema.ts";
import { descriptionOf } from "../../endpoint/settings/documents.ts";

/** `endpoint/endpointArgs.ts`: the endpoint's schema as TypeScript interfaces, with its descriptions as doc comments. */
export function endpointArgsModule(): string {
  const writer = new InterfaceWriter();
  writer.declare("EndpointArgs", endpointSchema, "Describes an endpoint.");
  return [
    "// Generated from the endpoint's schema by `npm run docs`.",
    'import type * as pulumi from "@pulumi/pulumi";',
    ...writer.lines,
  ].join("\n");
}

/** The name of an object's interface, and of the type with all its defaults, if it has any. */
interface Declared {
  readonly name: string;
  readonly resolved?: string;
}

/** Writes an interface for each object of a schema, once. */
class InterfaceWriter {
  readonly lines: string[] = [];
  readonly #declared = new Map<z.ZodObject, Declared>();

  declare(name: string, schema: z.ZodObject, comment: string): Declared {
    const known = this.#declared.get(schema);
    if (known) return known;
    const fields: string[] = [];
    const defaults: string[] = [];
    const nested: string[] = [];
    for (const [key, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
      const inner = `${name.replace(/Args$/, "")}${key[0]?.toUpperCase() ?? ""}${key.slice(1)}`;
      const { type, resolved } = this.#typeOf(inner, field);
      const isOptional = field instanceof z.ZodOptional;
      const hasDefault = field instanceof z.ZodDefault || field instanceof z.ZodPrefault;
      fields.push(`/** ${commentOf(field)} */`, `readonly ${key}${isOptional || hasDefault ? "?" : ""}: ${type};`);
      if (resolved !== undefined) nested.push(`readonly ${key}${isOptional ? "?" : ""}: ${resolved};`);
      else if (hasDefault) defaults.push(JSON.stringify(key));
    }
    this.lines.push("", `/** ${comment} */`, `export interface ${name} {`, ...fields, "}");
    const resolved = defaults.length + nested.length === 0 ? undefined : name.replace(/^Endpoint/, "Resolved");
    if (resolved !== undefined) this.#declareResolved(resolved, name, defaults, nested);
    const declared = { name, ...(resolved !== undefined && { resolved }) };
    this.#declared.set(schema, declared);
    return declared;
  }

  #declareResolved(resolved: string, name: string, defaults: readonly string[], nested: readonly string[]): void {
    const parts = [
      name,
      ...(defaults.length > 0 ? [`Required<Pick<${name}, ${defaults.join(" | ")}>>`] : []),
      ...(nested.length > 0 ? [`{ ${nested.join(" ")} }`] : []),
    ];
    this.lines.push("", `/** {@link ${name}} with all defaults. */`, `export type ${resolved} = ${parts.join(" & ")};`);
  }

  /** A value's type; `resolved` only if it is an object with defaults. */
  #typeOf(name: string, field: z.core.$ZodType): { readonly type: string; readonly resolved?: string } {
    const schema = unwrapped(field);
    const input = (type: string) => ({ type: isPlain(field) ? type : `pulumi.Input<${type}>` });
    if (schema instanceof z.ZodObject) {
      const declared = this.declare(name, schema, descriptionOf(field) || "One of a list.");
      return { type: declared.name, ...(declared.resolved !== undefined && { resolved: declared.resolved }) };
    }
    const one = name.replace(/s$/, "");
    if (schema instanceof z.ZodArray) return input(`readonly ${this.#typeOf(one, schema.element).type}[]`);
    if (schema instanceof z.ZodRecord) {
      return input(`Readonly<Record<string, ${this.#typeOf(one, schema.valueType).type}>>`);
    }
    return input(literals(schema) ?? jsonType(schema));
  }
}

function commentOf(field: z.ZodType): string {
  const description = descriptionOf(field);
  if (description.includes(" Default: ") || !(field instanceof z.ZodDefault)) return description;
  return `${description} Default: \`${JSON.stringify(field.def.defaultValue)}\`.`;
}

function literals(schema: z.core.$ZodType): string | undefined {
  if (!(schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral)) return undefined;
  const values: readonly unknown[] = schema instanceof z.ZodEnum ? schema.options : [...schema.values];
  return values.map((value) => JSON.stringify(value)).join(" | ");
}

function jsonType(schema: z.core.$ZodType): string {
  const { type } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return type === "integer" ? "number" : String(type);
}
