import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { cacheDirectory } from "../../packing/cacheDirectory.js";

/** Prices of one region, from AWS's public price list. */
export interface Prices {
  /** The address that they come from. */
  readonly source: string;
  /** The day on which AWS published them. */
  readonly published: string;
  /** The region. */
  readonly region: string;
  /** US dollars by usage type without the region's prefix: an hour of `Host:ml.g5.xlarge`, a gigabyte-month of `Host:VolumeUsage`. */
  readonly usd: Readonly<Record<string, number>>;
}

/** The file in which the prices of a region are kept. */
export function pricesFile(region: string): string {
  return path.join(cacheDirectory("prices"), `${region}.json`);
}

/**
 * Reads the prices of a region, as `npm run facts -- prices` has written them.
 *
 * @param region the region
 * @returns `undefined` if there are none
 * @throws Error if the file isn't one of prices
 */
export function readPrices(region: string | undefined): Prices | undefined {
  if (region === undefined) return undefined;
  const file = pricesFile(region);
  if (!existsSync(file)) return undefined;
  try {
    const prices = JSON.parse(readFileSync(file, "utf8")) as Partial<Prices>;
    if (prices.region === region && typeof prices.usd === "object") return prices as Prices;
  } catch {
    // Told below.
  }
  throw new Error(`${file}: isn't a file of prices: write it again with npm run facts -- prices --region ${region}`);
}
