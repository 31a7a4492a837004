import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BudgetOptions } from "../endpoint/budget.ts";
import { budgetNotifications, budgetUnit, costServiceFilter } from "../sagemaker/budget.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import type { Tags } from "./tags.ts";

/** What a Budget is made from. */
export interface BudgetArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** What the service may cost in a month, and who is told. */
  readonly options: BudgetOptions;
  /** The CostService tag, which the costs are found by. */
  readonly costService: string;
  /** The SNS topic that is told. Default: none, addresses are. */
  readonly topicArn?: pulumi.Input<string>;
  /** Tags of the budget. */
  readonly tags: Tags;
}

/**
 * What the service may cost in a month. Somebody is told when most of it is spent, when all of it is, and when the month
 * will come to more. Nothing is stopped. It counts every resource with the CostService tag, other stacks' as well.
 *
 * Free.
 */
export class Budget extends pulumi.ComponentResource {
  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Budget", name, {}, opts);
    const { limitAmount, emailAddresses } = args.options;
    const budget = new aws.budgets.Budget(
      `${name}-monthly`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(limitAmount),
        limitUnit: args.scope.apply(({ partition }) => budgetUnit(partition)),
        costFilters: [costServiceFilter(args.costService)],
        notifications: budgetNotifications.map((notification) => ({
          ...notification,
          comparisonOperator: "GREATER_THAN",
          thresholdType: "PERCENTAGE",
          subscriberEmailAddresses: emailAddresses && [...emailAddresses],
          subscriberSnsTopicArns: args.topicArn === undefined ? undefined : [args.topicArn],
        })),
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({ budgetName: budget.name });
  }
}
