/** A resource's inputs or outputs as JSON, with Pulumi's markers for assets and unknown values left in. */
export type Properties = Readonly<Record<string, unknown>>;

/** What Pulumi's engine sends in place of a value that only the update will know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key that marks an object as one of Pulumi's special values, and the mark of a secret. */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** The names of inputs that were filled in by default; the bridge keeps such a list among a resource's inputs. */
export const defaultsKey = "__defaults";

/** Whether two values are the same to a provider: assets by their content's hash, absent and null alike. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

/** The value without the wrapping of secrets. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (value[mark] === secretMark) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Whether the value is an object with keys, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is an object whose keys mean something by themselves, and no asset. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !(mark in value);
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (!isObject(value)) return value;
  if (mark in value && value.hash !== undefined) return { asset: value.hash };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== defaultsKey && inner !== undefined && inner !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, normal(inner)]),
  );
}
