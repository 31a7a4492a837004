import type { Prices } from "../../preview/costs/prices.ts";

/** The part of AWS's price list for a service that is used. */
interface PriceList {
  readonly publicationDate?: string;
  readonly products?: Readonly<Record<string, { readonly attributes?: Readonly<Record<string, string>> }>>;
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Readonly<Record<string, Term>>>> };
}

interface Term {
  readonly priceDimensions: Readonly<Record<string, { readonly pricePerUnit: Readonly<Record<string, string>> }>>;
}

/**
 * The address of SageMaker's public price list for a region.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 *
 * @param region the region
 */
export function priceListUrl(region: string): string {
  return `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonSageMaker/current/${region}/index.json`;
}

/**
 * Reads what hosting costs from AWS's price list: each instance type's hour, real-time and asynchronous, and their volumes.
 *
 * @param text the price list
 * @param region its region
 * @throws Error if it has no prices of hosting in US dollars
 */
export function pricesIn(text: string, region: string): Prices {
  const { publicationDate = "", products = {}, terms } = JSON.parse(text) as PriceList;
  const found = Object.entries(products).flatMap(([sku, { attributes = {} }]) => {
    const [, usage] =
      /(?:^|-)((?:Host|AsyncInf):(?:ml\.[\w-]+\.[\w-]+|VolumeUsage))(?:\.gp\d)?$/.exec(attributes.usagetype ?? "") ??
      [];
    const [term] = Object.values(terms?.OnDemand?.[sku] ?? {});
    const [dimension] = Object.values(term?.priceDimensions ?? {});
    const price = Number(dimension?.pricePerUnit.USD);
    return usage === undefined || !(price > 0) ? [] : [[usage, price] as const];
  });
  if (found.length === 0 || !/^\d{4}-\d\d-\d\dT/.test(publicationDate)) {
    throw new Error(`the price list of ${region} has no prices of hosting: see ${priceListUrl(region)}`);
  }
  const sorted = found.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    source: priceListUrl(region),
    published: publicationDate.slice(0, 10),
    region,
    usd: Object.fromEntries(sorted),
  };
}
