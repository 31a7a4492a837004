import * as z from "zod";
import { omit } from "../fields.ts";
import { fieldsAt, unwrapped } from "../knownKeys.ts";
import { settingsSchema } from "./schema.ts";

/** A setting as `Pulumi.yaml` declares it. */
export interface Declaration {
  /** Pulumi's type. A number without an integer default is a string, because Pulumi only has integers. */
  readonly type: "string" | "integer" | "boolean" | "object" | "array";
  /** The type of a list's items. */
  readonly items?: { readonly type: "string" };
  /** The default; empty if the setting isn't set by default. */
  readonly default: unknown;
  /** The description. */
  readonly description: string;
}

/** Every setting as `Pulumi.yaml` declares it, by name. */
export function declarations(): Record<string, Declaration> {
  return Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([key, field]) => [key, declaration(field, jsonSchemaOf(field))]),
  );
}

/** The JSON Schema of `Pulumi.<stack>.yaml`, for editors. */
export function stackFileSchema(project: string): object {
  const properties = Object.fromEntries(
    Object.entries(settingsSchema.shape).flatMap(([key, field]) => {
      const value = omit(jsonSchemaOf(field), "default");
      const setting = { description: descriptionOf(field), anyOf: [value, { $ref: "#/definitions/secret" }] };
      return [[`${project}:${key}`, setting]];
    }),
  );
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Pulumi.<stack>.yaml of ${project}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: { "aws:region": { type: "string", description: "The AWS region." }, ...properties },
        propertyNames: { anyOf: [{ enum: Object.keys(properties) }, { not: { pattern: `^${project}:` } }] },
      },
    },
    definitions: {
      secret: {
        type: "object",
        description: "A secret, set with pulumi config set --secret.",
        properties: { secure: { type: "string" } },
        required: ["secure"],
        additionalProperties: false,
      },
    },
  };
}

/** `docs/settings.md`: every setting, and the fields of those that are objects. */
export function settingsPage(): string {
  const variantKeys = Object.keys(fieldsAt(settingsSchema, ["variants", "next"]));
  return [
    "# Settings",
    "",
    "Set them with `pulumi config set <name> <value>`, parts of objects with `--path`: `pulumi config set --path rollout.strategy canary`.",
    "This page, the declarations in `Pulumi.yaml` and the JSON Schema of a stack's file (`docs/stack.schema.json`) are generated",
    "from the endpoint's schema by `npm run docs`. Editors that know the schema complete and check a stack's file.",
    "The file may have 256 KiB and 100 aliases.",
    "",
    ...table(settingsSchema.shape),
    `Each of \`variants\` may set: ${variantKeys.map((key) => `\`${key}\``).join(", ")}. A \`shadow\` may set the same besides \`initialVariantWeight\` and \`autoscaling\`.`,
    ...Object.entries(settingsSchema.shape)
      .filter(([key]) => key !== "variants" && key !== "shadow")
      .flatMap(([key, field]) => section(key, field)),
    "",
  ].join("\n");
}

function section(path: string, field: z.core.$ZodType): string[] {
  const inner = unwrapped(field);
  const fields = fieldsAt(inner instanceof z.ZodArray ? inner.element : inner, []);
  if (Object.keys(fields).length === 0) return [];
  const below = Object.entries(fields).flatMap(([key, part]) => section(`${path}.${key}`, part));
  return ["", `## \`${path}\``, "", ...table(fields), ...below];
}

function table(fields: Readonly<Record<string, z.core.$ZodType>>): string[] {
  const rows = Object.entries(fields).map(([key, field]) => {
    const [, what = "", fallback = ""] = /^(.*?)(?: Default: (.*)\.)?$/.exec(descriptionOf(field)) ?? [];
    const schema = jsonSchemaOf(field);
    const given = schema.default === undefined || fallback !== "" ? fallback : `\`${JSON.stringify(schema.default)}\``;
    const needed = field instanceof z.ZodOptional || schema.default !== undefined ? given : "required";
    return `| \`${key}\` | ${escaped(needed)} | ${escaped(what)} |`;
  });
  return ["| name | default | what it is |", "| --- | --- | --- |", ...rows, ""];
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

function declaration(field: z.core.$ZodType, { type, default: value }: z.core.JSONSchema.BaseSchema): Declaration {
  const description = descriptionOf(field);
  if (type === "boolean") return { type, default: value ?? false, description };
  if (type === "array") return { type, items: { type: "string" }, default: [], description };
  if (type === "object") return { type, default: {}, description };
  if (type === "integer" && value !== undefined) return { type, default: value, description };
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return { type: "string", default: text, description };
}

function jsonSchemaOf(field: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  return omit(z.toJSONSchema(field, { io: "input", target: "draft-7" }), "$schema");
}

/** The description of a setting, which is on its schema or on the one inside its default. */
export function descriptionOf(field: z.core.$ZodType): string {
  const own = z.globalRegistry.get(field)?.description;
  if (own !== undefined) return own;
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodPrefault
    ? descriptionOf(field.unwrap())
    : "";
}
