import type * as z from "zod";
import { emailAddresses, object, positive } from "./fields.ts";
import type { Problem } from "./problem.ts";

/** The costs that the service may have in a month. */
export const budgetSchema = object({
  limitAmount: positive("").meta({ description: "The monthly limit, in US dollars, or in yuan in China." }),
  emailAddresses: emailAddresses()
    .optional()
    .meta({ description: "Up to ten addresses to notify. Default: none; monitoring's topic is notified." }),
});

/** The costs that the service may have in a month. */
export type BudgetOptions = z.output<typeof budgetSchema>;

/**
 * The rules for a budget.
 *
 * @param budget the options
 * @param context whether there is a topic to notify, and the CostService tag by which to find the costs
 */
export function* budgetRules(
  budget: BudgetOptions,
  { monitored, costService }: { readonly monitored: boolean; readonly costService: string | undefined },
): Generator<Problem> {
  if (!monitored && budget.emailAddresses === undefined) {
    yield {
      path: [],
      code: "budget-nobody-told",
      message: "must notify somebody: set its emailAddresses, or set monitoring, whose topic it then notifies",
    };
  }
  if (!costService) {
    yield {
      path: [],
      code: "budget-cost-service",
      message: "needs the tag CostService, because it counts the costs with that tag: set the tag",
    };
  }
}
