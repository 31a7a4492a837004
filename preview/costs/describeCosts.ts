import type { Plan } from "../plan.ts";
import { costItems, type CostItem } from "./costItems.ts";
import { readPrices, type Prices } from "./prices.ts";

/** Thirty days: what AWS's own examples call a month. */
const hours = 720;

/**
 * What of a stack costs, a line each: `2 to 6 × ml.g5.xlarge, 720 h`. With prices also what that is in a month; without
 * them no price is guessed.
 *
 * @param plan the stack's plan
 * @param prices the region's prices. Default: those that `npm run facts -- prices` has written, if any
 */
export function describeCosts(plan: Plan, prices: Prices | undefined = readPrices(plan.region)): string[] {
  return costItems(plan).map((item) => {
    const { note } = item;
    const monthly = monthlyCost(item, prices);
    const dollars = monthly && `: ${range(monthly.least, monthly.most, usd)} a month`;
    return `${amountOf(item)}${note === undefined ? "" : ` (${note})`}${dollars ?? ""}`;
  });
}

/**
 * What of a stack's costs changes, in sentences.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 * @param prices the region's prices. Default: those that `npm run facts -- prices` has written, if any
 */
export function costSentences(
  before: Plan,
  after: Plan,
  prices: Prices | undefined = readPrices(after.region),
): string[] {
  const [was, is] = [costItems(before), costItems(after)];
  const [amountsBefore, amountsAfter] = [was.map(amountOf), is.map(amountOf)];
  const gone = amountsBefore.filter((amount) => !amountsAfter.includes(amount));
  const added = amountsAfter.filter((amount) => !amountsBefore.includes(amount));
  if (gone.length === 0 && added.length === 0) return [];
  const listed = (amounts: readonly string[]) => (amounts.length === 0 ? "nothing" : amounts.join("; "));
  const total = prices && [was, is].map((items) => totalOf(items, prices));
  const dollars = total?.every((sum) => sum !== undefined)
    ? ` A month: ${total.map((sum) => range(sum.least, sum.most, usd)).join(" → ")}, at the prices of ${prices?.published ?? ""}.`
    : "";
  return [`What is paid for changes: ${listed(gone)} → ${listed(added)}.${dollars}`];
}

function amountOf({ least, most, what, hourly }: CostItem): string {
  return `${range(least, most, String)} × ${what}${hourly ? `, ${hours} h` : ""}`;
}

function monthlyCost({ priced, least, most, size }: CostItem, prices: Prices | undefined) {
  const price = priced === undefined ? undefined : prices?.usd[priced];
  if (price === undefined) return undefined;
  // A volume's price is for a month, an instance's for an hour.
  const each = size === undefined ? price * hours : price * size;
  return { least: least * each, most: most * each };
}

/** Nothing if a price is missing: a sum without it would be taken for the whole. */
function totalOf(items: readonly CostItem[], prices: Prices) {
  const costs = items.filter(({ priced }) => priced !== undefined).map((item) => monthlyCost(item, prices));
  if (costs.length === 0 || costs.includes(undefined)) return undefined;
  return {
    least: costs.reduce((sum, cost) => sum + (cost?.least ?? 0), 0),
    most: costs.reduce((sum, cost) => sum + (cost?.most ?? 0), 0),
  };
}

function range(least: number, most: number, format: (value: number) => string): string {
  return least === most ? format(least) : `${format(least)} to ${format(most)}`;
}

function usd(amount: number): string {
  return amount.toLocaleString("en-US", { style: "currency", currency: "USD" });
}
