import { closest } from "../text/nearest.ts";
import { knownRegions } from "./partitions.ts";

/** A region, and the setting it comes from. */
export interface GivenRegion {
  /** The key of the configuration or the variable of the environment, for example `aws:region`. */
  readonly key: string;
  /** The region, for example `us-east-1`. */
  readonly region: string;
}

/**
 * The AWS provider's region, if the configuration or the environment sets it.
 * Source: https://www.pulumi.com/registry/packages/aws/installation-configuration/#configuration-options
 *
 * @param config the stack's configuration, namespaced keys
 * @param environment the environment. Default: this process's
 * @returns `undefined` if a profile decides, or nothing does
 */
export function configuredRegion(
  config: Readonly<Record<string, string | undefined>>,
  environment?: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return givenRegion(config, environment)?.region;
}

/**
 * The same, with the setting it comes from.
 *
 * @param config the stack's configuration, namespaced keys
 * @param environment the environment. Default: this process's
 */
export function givenRegion(
  config: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GivenRegion | undefined {
  const given = [
    { key: "aws:region", region: config["aws:region"] },
    ...["AWS_REGION", "AWS_DEFAULT_REGION"].map((key) => ({ key, region: environment[key] })),
  ];
  return given.find((place): place is GivenRegion => place.region !== undefined && place.region !== "");
}

/**
 * Explains why a name isn't a region, if so.
 * Source: `partitions.json` next to this file, and for zones
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
 *
 * @param region the name
 * @returns what it must be, to follow the name
 */
export function regionProblem(region: string): string | undefined {
  if (knownRegions.includes(region)) return undefined;
  const zoned = knownRegions.find((known) => new RegExp(`^${known}([a-z]|-.+)$`).test(region));
  if (zoned !== undefined) return `is an availability zone, not a region: use ${zoned}`;
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = knownRegions.find((known) => plain(known) === plain(region)) ?? closest(region, knownRegions);
  return `must be an AWS region: did you mean ${meant}?`;
}
