import { expect } from "chai";
import { autoscalingRules, autoscalingSchema, firstInstanceCount } from "../../endpoint/autoscaling.ts";
import { formatPath } from "../../endpoint/problem.ts";
import { isTimezone, schedulePattern } from "../../sagemaker/schedules.ts";

const options = { minCapacity: 2, maxCapacity: 6, invocationsPerInstance: 600 };
const schedule = "cron(0 7 ? * MON-FRI *)";
const action = { scheduledActionName: "morning", schedule, scalableTargetAction: { minCapacity: 4 } };

const problemsOf = (change: object, context: Parameters<typeof autoscalingRules>[1]) =>
  [...autoscalingRules(autoscalingSchema.parse({ ...options, ...change }), context)].map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );

describe("autoscaling", () => {
  it("between two valid limits has no problem", () => {
    const context = { instanceType: "ml.m5.large", initialInstanceCount: 2 };
    expect(problemsOf({ scheduledActions: [action] }, context)).to.deep.equal([]);
    expect(problemsOf({ maxCapacity: 2 }, {})).to.deep.equal([]);
  });

  for (const [what, change, context, expected] of [
    [
      "a burstable type",
      {},
      { instanceType: "ml.t2.medium" },
      /with ml\.t2\.medium, because SageMaker doesn't scale burstable types/,
    ],
    [
      "its bounds the wrong way round",
      { minCapacity: 7 },
      {},
      /^minCapacity: must be at most maxCapacity, which is 6$/,
    ],
    ["another count to begin with", {}, { initialInstanceCount: 3 }, /minCapacity of 2, but initialInstanceCount is 3/],
    [
      "two actions of one name",
      { scheduledActions: [action, action] },
      {},
      /^scheduledActions\[1\]\.scheduledActionName: must be unique/,
    ],
    [
      "an action that changes nothing",
      { scheduledActions: [{ ...action, scalableTargetAction: {} }] },
      {},
      /^scheduledActions\[0\]\.scalableTargetAction: must set minCapacity, maxCapacity or both/,
    ],
    [
      "an action with its bounds the wrong way round",
      { scheduledActions: [{ ...action, scalableTargetAction: { minCapacity: 5, maxCapacity: 4 } }] },
      {},
      /^scheduledActions\[0\]\.scalableTargetAction\.minCapacity: must be at most maxCapacity, which is 4$/,
    ],
    [
      "a schedule by two kinds of days",
      { scheduledActions: [{ ...action, schedule: "cron(0 7 * * MON-FRI *)" }] },
      {},
      /^scheduledActions\[0\]\.schedule: must have \? as either/,
    ],
  ] as const) {
    it(`with ${what} is refused, saying what to do`, () => {
      const problems = problemsOf(change, context);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(expected);
    });
  }

  it("has all its problems reported at once", () => {
    expect(problemsOf({ minCapacity: 9 }, { instanceType: "ml.t2.medium" })).to.have.length(2);
  });

  it("accepts times in AWS's formats", () => {
    const taken = [schedule, "at(2026-12-24T18:00:00)", "rate(12 hours)", "rate(1 day)"];
    const refused = ["0 7 * * *", "cron(0 7 * * MON)", "rate(0 days)", "at(tomorrow)", "every day"];
    expect(taken.filter((text) => !schedulePattern.test(text))).to.deep.equal([]);
    expect(refused.filter((text) => schedulePattern.test(text))).to.deep.equal([]);
  });

  it("accepts IANA time zones", () => {
    expect(["Europe/Berlin", "America/New_York", "UTC"].filter((zone) => !isTimezone(zone))).to.deep.equal([]);
    expect(["Europe/Bonn", "+01:00", "berlin", ""].filter(isTimezone)).to.deep.equal([]);
  });

  it("takes precedence over initialInstanceCount for the number that a release starts with", () => {
    expect(firstInstanceCount(undefined, options)).to.equal(2);
    expect(firstInstanceCount(3, undefined)).to.equal(3);
    expect(firstInstanceCount(undefined, undefined)).to.equal(1);
  });
});
