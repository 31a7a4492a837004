import facts from "./partitions.json" with { type: "json" };
import { table } from "../text/table.ts";

/** A partition of AWS, which shares neither accounts nor names with the others. */
interface Partition {
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  readonly regionPattern: string;
  readonly regions: readonly string[];
}

const partitions: Readonly<Record<string, Partition | undefined>> = table(facts.partitions);

/** The regions of all partitions in AWS's SDK. */
export const knownRegions: readonly string[] = Object.values(facts.partitions).flatMap(({ regions }) => regions);

/**
 * The partition of a region.
 *
 * @param region for example `cn-north-1`
 * @returns for example `aws-cn`; `aws` also for names that match no partition
 */
export function partitionOf(region: string): string {
  const [id] =
    Object.entries(facts.partitions).find(([, { regionPattern }]) => new RegExp(regionPattern).test(region)) ?? [];
  return id ?? "aws";
}

/**
 * The suffixes of the host names of a region's registries in Amazon ECR.
 * Source: `partitions.json` next to this file, and for the second, which also answers over IPv6,
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 *
 * @param region for example `cn-north-1`
 * @returns for example `amazonaws.com.cn` and `on.amazonwebservices.com.cn`
 */
export function registrySuffixes(region: string): readonly string[] {
  const { dnsSuffix = "", dualStackDnsSuffix = "" } = partitions[partitionOf(region)] ?? {};
  return [dnsSuffix, dualStackDnsSuffix.replace(/^api\./, "on.")];
}

/** The same for all partitions. */
export const allRegistrySuffixes: readonly string[] = [
  ...new Set(Object.values(facts.partitions).flatMap(({ regions: [region = ""] }) => registrySuffixes(region))),
];
