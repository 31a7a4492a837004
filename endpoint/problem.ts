/** The path of a value in an endpoint's description: keys, names and, in lists, positions. */
export type Path = readonly (string | number)[];

/** A problem with an endpoint. */
export interface Problem {
  /** The path of the value to change, for example `["variants", "next", "volumeSizeInGb"]`. */
  readonly path: Path;
  /** A stable, greppable name in kebab case, for example `volume-not-needed`. */
  readonly code: string;
  /** What must hold, why, and what to do; printed after the path and the value: `path value: message`. */
  readonly message: string;
  /** A warning doesn't stop anything. Default: `error`. */
  readonly severity?: "warning";
}

/**
 * Formats a path as Pulumi writes it (`pulumi config set --path`): `variants.next.scheduledActions[0]`.
 *
 * @param path keys, names and positions
 */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[a-zA-Z_][\w-]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

/**
 * Formats a problem as one line: path, value and message.
 *
 * @param problem the problem
 * @param value the value at its path; `undefined` to show none
 */
export function describeProblem({ path, message }: Problem, value?: unknown): string {
  return `${formatPath(path)}${value === undefined ? "" : ` ${shown(value)}`}: ${message}`;
}

/**
 * The value at a path.
 *
 * @param root the object that the path starts from
 * @param path keys and positions
 * @returns the value, or `undefined` if there is none
 */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), root);
}

/**
 * The value to show with a problem. Environment variables, tags and values under unknown keys may be secret, and a
 * model is too long, so these are not shown.
 *
 * @param problem the problem
 * @param root the object that its path starts from
 * @returns the value, or `undefined` to show none
 */
export function shownValue({ path, code }: Problem, root: unknown): unknown {
  const hidden = code === "unknown-key" || path.some((part) => ["environment", "tags", "model"].includes(String(part)));
  return hidden ? undefined : valueAt(root, path);
}

/**
 * Whether one path is equal to or a prefix of the other.
 *
 * @param a a path
 * @param b another one
 */
export function overlap(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((part, index) => part === b[index]);
}

/**
 * Formats a value for a message: plain words are unchanged; everything else becomes JSON, which also escapes control
 * characters. Long values are truncated.
 *
 * @param value the value
 */
export function shown(value: unknown): string {
  const isWord = typeof value === "string" && /^[\w.:/@+*[\]-]+$/.test(value);
  const text = (isWord ? value : (JSON.stringify(value) as string | undefined)) ?? typeof value;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
