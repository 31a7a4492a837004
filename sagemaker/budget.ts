/**
 * The notification thresholds, as percentages of the limit, for actual or forecast costs.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
 */
export const budgetNotifications = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/**
 * The filter for costs of resources with this CostService tag, which works once the tag is activated for cost
 * allocation.
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
