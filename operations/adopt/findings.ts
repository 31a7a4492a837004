import type { OldResource } from "./oldStack.ts";
import { Unknown, unknownIn } from "./unknown.ts";
import { textOf } from "./template.ts";

/** What becomes of a resource. */
export interface AdoptionRow {
  /**
   * `taken over` by the new stack, `made new` beside the old one, `used` as it is without being the new stack's, or
   * `left` with the old stack.
   */
  readonly what: "taken over" | "made new" | "used" | "left";
  /** The resource, for example `bucket sagemaker-models`. */
  readonly resource: string;
  /** Its line in the template; absent without a template, and for what the template doesn't have. */
  readonly line?: number;
  /** The reason. */
  readonly why: string;
}

/** Something to know about a resource. */
export interface Finding {
  /** The resource, for example `bucket sagemaker-models`, or the setting. */
  readonly resource: string;
  /** Its line in the template, or its property's; absent without a template. */
  readonly line?: number;
  readonly message: string;
}

/** All that is found out about what runs today. */
export class Findings {
  /** What becomes of each resource. */
  readonly rows: AdoptionRow[] = [];
  /** What the settings can't describe: it is different afterwards. */
  readonly undescribed: Finding[] = [];
  /** What is stricter than before. */
  readonly stricter: Finding[] = [];
  /** What prevents the move, each with its remedy. */
  readonly problems: Finding[] = [];
  /** The resources that the endpoint goes on needing. */
  readonly needed = new Set<OldResource>();
  /** The resources that it doesn't need any more. */
  readonly unused: OldResource[] = [];

  /** Notes what becomes of a resource. */
  row(what: AdoptionRow["what"], resource: OldResource, why: string): void {
    if (what === "taken over" || what === "used") this.needed.add(resource);
    else this.unused.push(resource);
    this.rows.push({ what, ...place(resource), why });
  }

  /** Notes something that isn't the same afterwards. */
  cannotDescribe(resource: OldResource, path: Path, message: string): void {
    this.undescribed.push({ ...place(resource, path), message });
  }

  /** Notes something that is stricter afterwards. */
  isStricter(resource: OldResource, path: Path, message: string): void {
    this.stricter.push({ ...place(resource, path), message });
  }

  /** Notes something that prevents the move. */
  refuse(resource: OldResource, path: Path, message: string): void {
    this.problems.push({ ...place(resource, path), message });
  }

  /**
   * The value at a path of a resource's properties. If the template doesn't say it, that prevents the move.
   *
   * @returns `undefined` if it isn't set or isn't known
   */
  read(resource: OldResource, ...path: readonly (string | number)[]): unknown {
    const value = at(resource.properties, path);
    const found = unknownIn(value);
    if (!found) return value;
    this.#unknown(resource, [...path, ...found.path], found.unknown);
    return undefined;
  }

  /** As `read`, for a string. */
  text(resource: OldResource, ...path: readonly (string | number)[]): string | undefined {
    const value = this.read(resource, ...path);
    return value === undefined ? undefined : textOf(value);
  }

  /** The name of a resource. If only AWS knows it, that prevents the move. */
  name(resource: OldResource): string | undefined {
    if (typeof resource.name === "string") return resource.name;
    this.#unknown(resource, [], resource.name);
    return undefined;
  }

  #unknown(resource: OldResource, path: Path, { reason }: Unknown): void {
    const property = path.length > 0 ? `${path.join(".")}: ` : "";
    const finding = { ...place(resource, path), message: `${property}${reason}` };
    if (!this.problems.some(({ message, line }) => message === finding.message && line === finding.line))
      this.problems.push(finding);
  }
}

type Path = readonly (string | number)[];

/**
 * A resource in words.
 *
 * @param resource the resource
 * @returns for example `Bucket sagemaker-models`
 */
export function called({ type, name, logicalId }: OldResource): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${typeof name === "string" ? name : logicalId}`;
}

function place(resource: OldResource, path: Path = []): { readonly resource: string; readonly line?: number } {
  const line = resource.lineOf?.(...path);
  return { resource: called(resource), ...(line !== undefined && { line }) };
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => {
    // A part that isn't known makes all below it unknown.
    if (inner instanceof Unknown) return inner;
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Record<string | number, unknown>)[key];
  }, value);
}
