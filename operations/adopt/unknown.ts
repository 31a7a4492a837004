import { isObject } from "./template.ts";

/** A value that the template alone doesn't have. */
export class Unknown {
  /** Why, and what to do. */
  readonly reason: string;
  /** The resource that AWS named, if the value is its name. */
  readonly logicalId?: string;

  /**
   * @param reason why, and what to do
   * @param logicalId the resource that AWS named. Default: it isn't a name
   */
  constructor(reason: string, logicalId?: string) {
    this.reason = reason;
    if (logicalId !== undefined) this.logicalId = logicalId;
  }
}

/**
 * The first part of a value that isn't known.
 *
 * @param value the value
 */
export function firstUnknown(value: unknown): Unknown | undefined {
  return unknownIn(value)?.unknown;
}

/**
 * The first part of a value that isn't known, and the way to it.
 *
 * @param value the value
 */
export function unknownIn(
  value: unknown,
): { readonly unknown: Unknown; readonly path: readonly (string | number)[] } | undefined {
  if (value instanceof Unknown) return { unknown: value, path: [] };
  const parts = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  for (const [key, part] of parts) {
    const found = unknownIn(part);
    if (found) return { unknown: found.unknown, path: [key, ...found.path] };
  }
  return undefined;
}
