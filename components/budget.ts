import { Budget as BudgetResource } from "@pulumi/aws/budgets/budget.js";
import * as pulumi from "@pulumi/pulumi";
import type { EndpointBudget } from "../endpoint/endpointArgs.ts";
import { budgetNotifications, budgetUnit, costServiceFilter } from "../sagemaker/budget.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { whenKnown } from "./later.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Budget. */
export interface BudgetArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The monthly amount and whom to notify. */
  readonly options: EndpointBudget;
  /** The CostService tag by which to find the costs. */
  readonly costService: pulumi.Input<string>;
  /** The SNS topic to notify. Default: none, only email addresses are notified. */
  readonly topicArn?: pulumi.Input<string>;
  /** Tags of the budget. */
  readonly tags: Tags;
}

/**
 * A monthly budget for the service. Sends a notification at 80 percent, at 100 percent, and when the month is forecast
 * to exceed it. Nothing is stopped. It counts every resource with the CostService tag, including those of other stacks.
 *
 * Free.
 */
export class Budget extends pulumi.ComponentResource {
  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Budget", name, {}, opts);
    const { limitAmount, emailAddresses } = args.options;
    const budget = new BudgetResource(
      `${name}-monthly`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: whenKnown(limitAmount, String),
        limitUnit: args.scope.apply(({ partition }) => budgetUnit(partition)),
        costFilters: [whenKnown(args.costService, costServiceFilter)],
        notifications: budgetNotifications.map((notification) => ({
          ...notification,
          comparisonOperator: "GREATER_THAN",
          thresholdType: "PERCENTAGE",
          subscriberEmailAddresses: whenKnown(
            emailAddresses,
            (addresses) => addresses && [...addresses],
          ) as pulumi.Input<string[]>,
          subscriberSnsTopicArns: args.topicArn === undefined ? undefined : [args.topicArn],
        })),
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({ budgetName: budget.name });
  }
}
