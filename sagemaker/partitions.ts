import facts from "./partitions.json" with { type: "json" };

/** A part of AWS that shares neither accounts nor names with the others. */
interface Partition {
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  readonly regionPattern: string;
  readonly regions: readonly string[];
}

const partitions: Readonly<Record<string, Partition | undefined>> = facts.partitions;

/** The regions that AWS's SDK lists, of all partitions. */
export const knownRegions: readonly string[] = Object.values(facts.partitions).flatMap(({ regions }) => regions);

/**
 * The partition that a region is in.
 *
 * @param region for example `cn-north-1`
 * @returns for example `aws-cn`; `aws` also for what no partition's regions are named like
 */
export function partitionOf(region: string): string {
  const [id] =
    Object.entries(facts.partitions).find(([, { regionPattern }]) => new RegExp(regionPattern).test(region)) ?? [];
  return id ?? "aws";
}

/**
 * What the host names of a region's registries in Amazon ECR may end with.
 * Source: `partitions.json` beside this file, and for the second, which also answers over IPv6,
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 *
 * @param region for example `cn-north-1`
 * @returns for example `amazonaws.com.cn` and `on.amazonwebservices.com.cn`
 */
export function registrySuffixes(region: string): readonly string[] {
  const { dnsSuffix = "", dualStackDnsSuffix = "" } = partitions[partitionOf(region)] ?? {};
  return [dnsSuffix, dualStackDnsSuffix.replace(/^api\./, "on.")];
}

/** The same of all partitions. */
export const allRegistrySuffixes: readonly string[] = [
  ...new Set(Object.values(facts.partitions).flatMap(({ regions: [region = ""] }) => registrySuffixes(region))),
];
