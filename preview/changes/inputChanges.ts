/** An input, or a part of one, that differs. */
export interface InputChange {
  /** Its path in the inputs, for example `productionVariants[0].instanceType`. */
  readonly path: string;
  /** Its value before; absent if it wasn't set. */
  readonly before?: unknown;
  /** Its value after; absent if it isn't set. */
  readonly after?: unknown;
  /** The resource whose new value it has, which only the update knows; absent if the plans say both values. */
  readonly follows?: string;
}

/**
 * Compares two values leaf by leaf. Text that is a JSON document is compared as one, and a policy by its statements.
 *
 * @param before the inputs before
 * @param after the inputs after
 * @param isMoved whether a resource's output will have another value than before
 * @returns what differs, in the order of `after`
 */
export function inputChanges(
  before: unknown,
  after: unknown,
  isMoved: (name: string, output: string) => boolean,
): InputChange[] {
  return [...changes("", before, after, isMoved)];
}

function* changes(
  path: string,
  before: unknown,
  after: unknown,
  isMoved: (name: string, output: string) => boolean,
): Generator<InputChange> {
  const old = documentIn(before);
  const now = documentIn(after);
  if (isRecord(old) && isRecord(now)) {
    for (const key of new Set([...Object.keys(now), ...Object.keys(old)])) {
      yield* changes(path === "" ? key : `${path}.${key}`, old[key], now[key], isMoved);
    }
    return;
  }
  if (isList(old) && isList(now)) {
    if (/(^|\.)Statement$/.test(path)) {
      yield* setChanges(path, old, now, isMoved);
      return;
    }
    for (let index = 0; index < Math.max(old.length, now.length); index += 1) {
      yield* changes(`${path}[${index}]`, old[index], now[index], isMoved);
    }
    return;
  }
  const differs = JSON.stringify(old) !== JSON.stringify(now);
  const follows = referencesIn(now).find(([name, output]) => isMoved(name, output))?.[0];
  if (!differs && follows === undefined) return;
  yield {
    path,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(follows !== undefined && { follows }),
  };
}

/** The order of a policy's statements means nothing, so each is either gained, lost or the same. */
function* setChanges(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  isMoved: (name: string, output: string) => boolean,
): Generator<InputChange> {
  const had = new Set(before.map((item) => JSON.stringify(item)));
  const has = new Set(after.map((item) => JSON.stringify(item)));
  for (const item of after) {
    const follows = referencesIn(item).find(([name, output]) => isMoved(name, output))?.[0];
    if (!had.has(JSON.stringify(item))) yield { path, after: item };
    else if (follows !== undefined) yield { path, before: item, after: item, follows };
  }
  for (const item of before) if (!has.has(JSON.stringify(item))) yield { path, before: item };
}

/** The references, such as `${triton-storage-bucket.arn}`, in a value: names of resources and their outputs. */
function referencesIn(value: unknown): [string, string][] {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return [...text.matchAll(/\$\{([^}]+)\.(\w+)\}/g)].map(([, name = "", output = ""]): [string, string] => [
    name,
    output,
  ]);
}

function documentIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^(\{"|\[\s*\{)/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
