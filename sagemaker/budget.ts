/** What the endpoint's service may cost in a month. */
export interface BudgetOptions {
  /** The amount, above 0: US dollars, or yuan in China. */
  readonly limitAmount: number;
  /** Up to ten addresses that are told. Default: none, the topic of monitoring is told. */
  readonly emailAddresses?: readonly string[];
}

/** What a budget is judged with. */
export interface BudgetContext {
  /** Whether there is a topic to tell. */
  readonly monitored: boolean;
  /** The CostService tag, which the costs are found by. */
  readonly costService: string | undefined;
}

/**
 * Everything that speaks against a budget.
 *
 * @param budget the options, each value by itself sound
 * @param context what they are judged with
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function budgetProblems({ emailAddresses }: BudgetOptions, { monitored, costService }: BudgetContext): string[] {
  return [
    ...(monitored || emailAddresses !== undefined
      ? []
      : ["has nobody to tell: set its emailAddresses, or monitoring, whose topic is told"]),
    ...(costService ? [] : ["needs the tag CostService, which the costs are found by: set it"]),
  ];
}

/**
 * When somebody is told: in percent of the amount, of what was spent or of what the month will come to.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
 */
export const budgetNotifications = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/**
 * The costs that count: those of resources with this CostService tag, once the tag is activated for cost allocation.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html (CostFilters)
 *
 * @param costService the tag's value
 */
export function costServiceFilter(costService: string) {
  return { name: "TagKeyValue", values: ["user:CostService$" + costService] };
}

/**
 * The currency that AWS bills in.
 *
 * @param partition the partition, for example `aws-cn`
 */
export function budgetUnit(partition: string): "USD" | "CNY" {
  return partition === "aws-cn" ? "CNY" : "USD";
}
