import facts from "./releases.json" with { type: "json" };

/**
 * Whether Triton's image of a release has a backend.
 *
 * @param backend its name
 * @param release `YY.MM`
 * @returns `undefined` where the release is newer than what is known here and may have got it
 */
export function imageHasBackend(backend: string, release: string): boolean | undefined {
  const departure = departureOf(backend);
  if (departure) return release <= departure.last;
  if (facts.backends.names.includes(backend)) return true;
  return release > newestKnown ? undefined : false;
}

const newestKnown = Object.keys(facts.releases).sort().at(-1) ?? "";

/** A backend that images once had. */
export interface Departure {
  /** The last release with it, `YY.MM`. */
  readonly last: string;
  /** The first one without it. */
  readonly gone: string;
}

/**
 * When a backend left the images.
 *
 * @param backend its name
 * @returns `undefined` for a backend that is still there, or that never was
 */
export function departureOf(backend: string): Departure | undefined {
  const gone: Readonly<Record<string, Departure>> = facts.backends.gone;
  return Object.hasOwn(gone, backend) ? gone[backend] : undefined;
}

/**
 * The first release that knows a field of `config.pbtxt`, by its name from the outside in; an older one refuses the file. Fields
 * that are not named here are older than the oldest release that AWS published for SageMaker.
 */
export const fieldsSince: Readonly<Record<string, string | undefined>> = facts.fields.since;

/** The first release that knows a platform, or the file that stands for it; all others are older. */
export const platformsSince: Readonly<Record<string, string | undefined>> = facts.platforms.since;

/** What Triton judges otherwise from some release on. */
export type ReleaseRule = keyof typeof facts.rules;

/**
 * Whether a rule holds for a release. Each has its source in `releases.json`.
 *
 * @param rule the rule
 * @param release `YY.MM`. Default: the newest
 */
export function holds(rule: ReleaseRule, release: string | undefined): boolean {
  const { from, until }: { readonly from: string; readonly until?: string } = facts.rules[rule];
  return release === undefined ? until === undefined : from <= release && (until === undefined || release <= until);
}

/**
 * The first release that a rule holds for, `YY.MM`.
 *
 * @param rule the rule
 */
export function firstWith(rule: ReleaseRule): string {
  return facts.rules[rule].from;
}
