import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ScaledVariant } from "./scaling.ts";

/** Tags of the endpoint: names and values. */
export type EndpointTags = Readonly<Record<string, string>>;

/** The prefix of the tags that hold what an update must restore. */
const prefix = "sagemaker-triton:restore:";

/** A tag's value can have 256 characters, which may be Base64, and a resource 50 tags, some of them the user's. */
const valueLength = 256;
const tagCount = 50;

/**
 * Encodes what an update must restore as tags of the endpoint, where it survives a failure of the machine that runs the
 * update.
 *
 * @param scaled the variants with autoscaling
 * @param tags the endpoint's tags
 * @returns the tags to add
 * @throws Error if there is no room for them
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
 * Decodes the tags.
 *
 * @param tags the endpoint's tags
 * @returns the variants; empty if nothing complete is stored
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
 * The names of the tags that hold what to restore.
 *
 * @param tags the endpoint's tags
 */
export function memoryKeys(tags: EndpointTags): string[] {
  return Object.keys(tags).filter((key) => key.startsWith(prefix));
}

/** JSON has no dates, so those of scheduled actions are stored as strings. */
function revive(key: string, value: unknown): unknown {
  return (key === "StartTime" || key === "EndTime") && typeof value === "string" ? new Date(value) : value;
}
