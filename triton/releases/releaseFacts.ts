import facts from "./releases.json" with { type: "json" };
import { table } from "../../text/table.ts";

/**
 * Checks whether Triton's image of a release has a backend.
 *
 * @param backend its name
 * @param release `YY.MM`
 * @returns `undefined` if the release is newer than those known here and may have added it
 */
export function imageHasBackend(backend: string, release: string): boolean | undefined {
  const departure = departureOf(backend);
  if (departure) return release <= departure.last;
  if (facts.backends.names.includes(backend)) return true;
  return release > newestKnown ? undefined : false;
}

/**
 * The backends of NVIDIA's images that have few of them. Source: `releases.json`, which names its own.
 *
 * @param flavour the middle of the image's tag, for example `trtllm-python`
 * @returns `undefined` for a flavour that isn't known here
 */
export function flavourBackends(flavour: string): readonly string[] | undefined {
  return flavours[flavour];
}

/** The flavour of NVIDIA's image that has a backend which the image with all others lacks. */
export function flavourWith(backend: string): string | undefined {
  return Object.keys(flavours).find((flavour) => flavours[flavour]?.includes(backend));
}

const flavours: Readonly<Record<string, readonly string[] | undefined>> = table(facts.flavours.backends);

const newestKnown = Object.keys(facts.releases).sort().at(-1) ?? "";

/** A backend that was removed from the images. */
export interface Departure {
  /** The last release with it, `YY.MM`. */
  readonly last: string;
  /** The first one without it. */
  readonly gone: string;
}

/**
 * When a backend was removed from the images.
 *
 * @param backend its name
 * @returns `undefined` for a backend that still exists or never did
 */
export function departureOf(backend: string): Departure | undefined {
  const gone: Readonly<Record<string, Departure>> = table(facts.backends.gone);
  return Object.hasOwn(gone, backend) ? gone[backend] : undefined;
}

/**
 * The first release that supports a field of `config.pbtxt`, by the field's path; older ones refuse the file. Fields
 * not listed here are older than the oldest release whose facts are here.
 */
export const fieldsSince: Readonly<Record<string, string | undefined>> = table(facts.fields.since);

/** The first release that supports a word of `config.pbtxt`, such as a type; all others are older. */
export const valuesSince: Readonly<Record<string, string | undefined>> = table(facts.values.since);

/** The first release that supports a platform, or the file that implies it; all others are older. */
export const platformsSince: Readonly<Record<string, string | undefined>> = table(facts.platforms.since);

/** Rules that only hold since some release. */
export type ReleaseRule = keyof typeof facts.rules;

/**
 * Checks whether a rule holds for a release. Each rule's source is in `releases.json`.
 *
 * @param release `YY.MM`. Default: the newest
 */
export function holds(rule: ReleaseRule, release: string | undefined): boolean {
  const { from, until }: { readonly from: string; readonly until?: string } = facts.rules[rule];
  return release === undefined ? until === undefined : from <= release && (until === undefined || release <= until);
}

/** The first release for which a rule holds, `YY.MM`. */
export function firstWith(rule: ReleaseRule): string {
  return facts.rules[rule].from;
}
