import images from "../triton/releases/publishedImages.json" with { type: "json" };
import { publishedReleases } from "../triton/releases/publishedReleases.ts";

/**
 * Why AWS does not publish the release at all, or not in the region. Releases before 23.12 are in the accounts of the
 * Neo images, and no list says which ones, so only their region is checked. A release newer than the list may have come
 * out since: see {@link unlistedReleaseWarning}.
 * Source: `triton/releases/publishedImages.json`, which names its own.
 *
 * @param release `YY.MM`
 * @param region the stack's region, for example `us-east-1`. Default: unknown; only the release is checked
 * @returns what is wrong and what is allowed, to follow the setting's value, or `undefined`
 */
export function publishedReleaseProblem(release: string, region?: string): string | undefined {
  const accounts = accountsOf(release);
  if (!accounts) return release > newest() ? undefined : unpublished(release, region);
  // If no list names the region, not even for other images, nothing is known about it.
  if (region === undefined || region in accounts || !regions.has(region)) return undefined;
  const there = releasesIn(region);
  const remedy = there.length > 0 ? `use ${there.at(-1) ?? ""}-py3, or ` : "";
  return `is not published by AWS in ${region} (as of ${images.retrieved}): ${remedy}${copyOther(release)}`;
}

/**
 * The warning for a release that is newer than every release on the list.
 *
 * @param release `YY.MM`
 * @returns a sentence, or `undefined` if the release is listed or older
 */
export function unlistedReleaseWarning(release: string): string | undefined {
  return release > newest()
    ? `imageTag ${release}-py3 is newer than ${newest()}-py3, AWS's newest release as of ${images.retrieved}: whether your region has it can't be checked here`
    : undefined;
}

/**
 * The account of AWS whose registry has a release's image.
 *
 * @param release `YY.MM`
 * @param region the registry's region
 * @returns twelve digits; `undefined` if no list names it
 */
export function publishingAccount(release: string, region: string): string | undefined {
  return accountsOf(release)?.[region];
}

/**
 * Checks whether AWS publishes Triton's image from an account, in whichever region.
 *
 * @param account twelve digits
 */
export function isPublishingAccount(account: string): boolean {
  return Object.values(images.registries).some(({ accounts }) => Object.values(accounts).includes(account));
}

function newest(): string {
  return publishedReleases.at(-1) ?? "";
}

/** Names the listed releases right before and after an unlisted one. */
function unpublished(release: string, region: string | undefined): string {
  const there = releasesIn(region);
  const around = [there.findLast((other) => other < release), there.find((other) => other > release)];
  const use = around.flatMap((other) => (other === undefined ? [] : [`${other}-py3`])).join(" or ");
  return `is not a release that AWS publishes (as of ${images.retrieved}): use ${use}, or ${copyOther(release)}`;
}

function copyOther(release: string): string {
  return `copy NVIDIA's image with upstreamImage: nvcr.io/nvidia/tritonserver:${release}-py3`;
}

function releasesIn(region: string | undefined): string[] {
  return publishedReleases.filter((release) => region === undefined || region in (accountsOf(release) ?? {}));
}

const regions = new Set(Object.values(images.registries).flatMap(({ accounts }) => Object.keys(accounts)));

type Accounts = Readonly<Record<string, string>>;
type Registries = Readonly<Record<string, { readonly accounts: Accounts } | undefined>>;
type Releases = Readonly<Record<string, { readonly registry: string } | undefined>>;

/** The account of each region that has the release; `undefined` for a release that is on no list. */
function accountsOf(release: string): Accounts | undefined {
  const { registries, releases }: { registries: Registries; releases: Releases } = images;
  const registry = release < "23.12" ? "neo" : releases[release]?.registry;
  return registries[registry ?? ""]?.accounts;
}
