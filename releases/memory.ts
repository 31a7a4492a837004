import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ScaledVariant } from "./scaling.ts";

/** Tags of the endpoint: names and values. */
export type EndpointTags = Readonly<Record<string, string>>;

/** What the names of the tags begin with that hold what an update has to put back. */
const prefix = "sagemaker-triton:restore:";

/** A tag's value takes 256 characters, base64 among them, and a resource takes 50 tags; the rest is the user's. */
const valueLength = 256;
const tagCount = 50;

/**
 * What an update has to put back, as tags of the endpoint: there it survives the machine that runs the update.
 *
 * @param scaled the variants that scale by themselves
 * @param tags the endpoint's tags
 * @returns the tags to add
 * @throws Error where there is no room for them
 */
export function asTags(scaled: readonly ScaledVariant[], tags: EndpointTags): EndpointTags {
  const text = deflateRawSync(JSON.stringify(scaled)).toString("base64");
  const values = text.match(new RegExp(`.{1,${valueLength}}`, "g")) ?? [];
  const room = tagCount - Object.keys(tags).filter((key) => !key.startsWith(prefix)).length;
  if (values.length > room) {
    throw new Error(
      `saving its autoscaling needs ${values.length} tags, but the endpoint has room for ${room}: remove tags, or deregister the variant by hand`,
    );
  }
  return Object.fromEntries(values.map((value, i) => [`${prefix}${i}-of-${values.length}`, value]));
}

/**
 * What the tags hold.
 *
 * @param tags the endpoint's tags
 * @returns the variants; empty where nothing, or nothing whole, is remembered
 */
export function fromTags(tags: EndpointTags): readonly ScaledVariant[] {
  const keys = memoryKeys(tags);
  const counts = keys.map((key) => Number(key.split("-of-")[1]));
  const count = counts.find((candidate) => counts.filter((other) => other === candidate).length === candidate);
  if (count === undefined) return [];
  const parts = Array.from({ length: count }, (_, i) => tags[`${prefix}${i}-of-${count}`] ?? "");
  return JSON.parse(inflateRawSync(Buffer.from(parts.join(""), "base64")).toString(), revive) as ScaledVariant[];
}

/**
 * The names of the tags that hold something to put back.
 *
 * @param tags the endpoint's tags
 */
export function memoryKeys(tags: EndpointTags): string[] {
  return Object.keys(tags).filter((key) => key.startsWith(prefix));
}

/** JSON has no dates: a scheduled action's are texts on the way. */
function revive(key: string, value: unknown): unknown {
  return (key === "StartTime" || key === "EndTime") && typeof value === "string" ? new Date(value) : value;
}
