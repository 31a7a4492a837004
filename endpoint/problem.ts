import { messageLine } from "../text/printable.ts";

/** The path of a value in an endpoint's description: keys, names and, in lists, positions. */
export type Path = readonly (string | number)[];

/** A problem with an endpoint. */
export interface Problem {
  /** The path of the value to change, for example `["variants", "next", "volumeSizeInGb"]`. */
  readonly path: Path;
  /** A stable, greppable name in kebab case, for example `volume-not-needed`. */
  readonly code: string;
  /** The rule, the reason and the remedy; printed after the path and the value: `path value: message`. */
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
 * Formats a problem as one line: path, value and message, escaped and shortened.
 *
 * @param value the value at its path; `undefined` to show none
 */
export function describeProblem({ path, message }: Problem, value?: unknown): string {
  return messageLine(`${formatPath(path)}${value === undefined ? "" : ` ${shown(value)}`}: ${message}`);
}

/**
 * The value at a path.
 *
 * @param root the object that the path starts from
 * @param path keys and positions
 * @returns the value, or `undefined` if there is none
 */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (isContainer(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    root,
  );
}

/**
 * The value to show with a problem. Environment variables, tags and values under unknown keys may be secret, and a
 * model is too long, so these are not shown.
 *
 * @param root the object that its path starts from
 * @returns the value, or `undefined` to show none
 */
export function shownValue({ path, code }: Problem, root: unknown): unknown {
  const hidden = code === "unknown-key" || path.some((part) => ["environment", "tags", "model"].includes(String(part)));
  return hidden ? undefined : valueAt(root, path);
}

/** Formats a value for a message: plain words are unchanged; everything else becomes JSON. */
export function shown(value: unknown): string {
  const isWord = typeof value === "string" && /^[\w.:/@+*[\]-]+$/.test(value);
  if (isWord) return value;
  // Neither a function nor a symbol has any JSON.
  return typeof value === "function" || typeof value === "symbol" ? typeof value : JSON.stringify(value);
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
