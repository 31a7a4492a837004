import { expect } from "chai";
import { budgetUnit } from "../../sagemaker/budget.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const emailAddresses = ["costs@example.com"];
const budget = (more: object = {}) => ({ budget: JSON.stringify({ limitAmount: 1200.5, ...more }) });

describe("a budget", () => {
  it("covers the service's monthly costs, found by its tag", async () => {
    const plan = await planOf("dev", { ...budget({ emailAddresses }), costService: "birds" });
    const { inputs } = resourceOf(plan, "triton-budget-monthly");
    expect(inputs).to.deep.include({
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "1200.5",
      limitUnit: "USD",
      costFilters: [{ name: "TagKeyValue", values: ["user:CostService$birds"] }],
      tags: { CostEnv: "dev", CostService: "birds" },
    });
  });

  it("notifies addresses at 80 and 100 percent, and when the forecast exceeds it", async () => {
    const plan = await planOf("dev", budget({ emailAddresses }));
    const notified = {
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: emailAddresses,
    };
    expect(resourceOf(plan, "triton-budget-monthly").inputs.notifications).to.deep.equal([
      { ...notified, notificationType: "ACTUAL", threshold: 80 },
      { ...notified, notificationType: "ACTUAL", threshold: 100 },
      { ...notified, notificationType: "FORECASTED", threshold: 100 },
    ]);
  });

  it("notifies the monitoring topic, which lets this account's budgets publish to it", async () => {
    const plan = await planOf("prod", budget());
    expect(resourceOf(plan, "triton-budget-monthly").inputs).to.have.deep.nested.property(
      "notifications[0].subscriberSnsTopicArns",
      ["${triton-monitoring-topic.arn}"],
    );
    expect(statementsOf(resourceOf(plan, "triton-monitoring-topic-policy").inputs.policy)[1]).to.deep.equal({
      Sid: "PublishBudgets",
      Effect: "Allow",
      Principal: { Service: "budgets.amazonaws.com" },
      Action: "sns:Publish",
      Resource: "${triton-monitoring-topic.arn}",
      Condition: {
        StringEquals: { "aws:SourceAccount": "${aws.accountId}" },
        ArnLike: { "aws:SourceArn": "arn:aws:budgets::${aws.accountId}:*" },
      },
    });
  });

  it("may use the key that encrypts the topic", async () => {
    const plan = await planOf("prod", { ...budget(), createKmsKey: "true" });
    const statements = statementsOf(resourceOf(plan, "triton-encryption-key").inputs.policy);
    expect(statements.map(({ Principal }) => Principal)).to.deep.include({ Service: "budgets.amazonaws.com" });
  });

  it("is in the currency that AWS bills in", () => {
    expect(["aws", "aws-cn"].map(budgetUnit)).to.deep.equal(["USD", "CNY"]);
  });

  it("is absent if it isn't set", async () => {
    expect((await planOf("prod")).resources.filter(({ type }) => type.includes("budget"))).to.deep.equal([]);
  });
});
