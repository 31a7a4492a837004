import { expect } from "chai";
import { rollbackAlarms } from "../../sagemaker/rollbackAlarms.ts";
import { deploymentConfig } from "../../components/deploymentConfig.ts";
import { formatPath } from "../../endpoint/problem.ts";
import { rolloutRules, type RolloutPolicy } from "../../endpoint/rollout.ts";

const alarms = { invocation5XXErrorsPercent: 1, invocationModelErrorsPercent: 5, modelLatencyInMilliseconds: 1000 };
const context = { instanceCount: 4, variants: 1, keepReleases: true };

function rollout(policy: Partial<RolloutPolicy>): RolloutPolicy {
  return { strategy: "allAtOnce", waitIntervalInSeconds: 300, alarms, ...policy };
}

function rolloutProblems(policy: RolloutPolicy, judgedWith: typeof context): string[] {
  return [...rolloutRules(policy, judgedWith)].map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

const percent = (value: number) => ({ type: "CAPACITY_PERCENT", value }) as const;
const instances = (value: number) => ({ type: "INSTANCE_COUNT", value }) as const;

describe("a rollout", () => {
  for (const [what, policy] of [
    ["all at once", {}],
    ["by canary, half of the fleet", { strategy: "canary", canarySize: percent(50) }],
    ["by canary, half of the instances", { strategy: "canary", canarySize: instances(2) }],
    ["in linear steps of a tenth", { strategy: "linear", linearStepSize: percent(10) }],
    ["rolling, as SageMaker does it by itself", { strategy: "rolling" }],
    [
      "rolling, back all at once",
      { strategy: "rolling", maximumBatchSize: percent(25), rollbackMaximumBatchSize: percent(100) },
    ],
    ["that watches for fifty minutes", { waitIntervalInSeconds: 1500, terminationWaitInSeconds: 1500 }],
  ] as const) {
    it(`${what} has no problem`, () => {
      expect(rolloutProblems(rollout(policy), context)).to.deep.equal([]);
    });
  }

  for (const [what, policy, expected] of [
    ["a canary without a size", { strategy: "canary" }, /^canarySize: must be set/],
    [
      "a canary of more than half",
      { strategy: "canary", canarySize: percent(51) },
      /^canarySize\.value: must be 1 to 50 percent$/,
    ],
    ["a canary of most instances", { strategy: "canary", canarySize: instances(3) }, /must be 1 to 2 of 4 instances/],
    ["steps of less than a tenth", { strategy: "linear", linearStepSize: percent(9) }, /must be 10 to 50 percent/],
    [
      "batches of less than a twentieth",
      { strategy: "rolling", maximumBatchSize: percent(4) },
      /must be 5 to 50 percent/,
    ],
    [
      "another strategy's size",
      { canarySize: percent(10) },
      /^canarySize: can't be used with the strategy \w+, because it belongs to canary/,
    ],
    ["an old fleet after rolling", { strategy: "rolling", terminationWaitInSeconds: 60 }, /terminationWaitInSeconds/],
    [
      "more waiting than the provider has patience for",
      { strategy: "linear", linearStepSize: percent(10), waitIntervalInSeconds: 600 },
      /^: must wait at most 3000 s in all, but it waits 6000 s: SageMaker allows 28800 s, but Pulumi's AWS provider gives up after an hour, which customTimeouts doesn't change\. Shorten waitIntervalInSeconds or terminationWaitInSeconds, or take a larger linearStepSize$/,
    ],
    [
      "less time than its waits take",
      { waitIntervalInSeconds: 600, terminationWaitInSeconds: 600, maximumExecutionTimeoutInSeconds: 1200 },
      /^maximumExecutionTimeoutInSeconds: must be more than 1200 s/,
    ],
  ] as const) {
    it(`with ${what} is refused, saying what is allowed`, () => {
      const problems = rolloutProblems(rollout(policy), context);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(expected);
    });
  }

  it("in steps needs more than one instance", () => {
    for (const strategy of ["canary", "linear", "rolling"] as const) {
      expect(rolloutProblems(rollout({ strategy }), { ...context, instanceCount: 1 })).to.deep.equal([
        "strategy: must be allAtOnce, because the other strategies need two instances or more: use allAtOnce or more instances",
      ]);
    }
  });

  it("needs keepReleases, and says why", () => {
    expect(rolloutProblems(rollout({}), { ...context, keepReleases: false })).to.deep.equal([
      ": needs keepReleases, because a rollback needs the earlier release: set keepReleases",
    ]);
  });

  it("becomes SageMaker's blue/green policy with traffic routing, or its rolling policy", () => {
    const policy = rollout({ strategy: "canary", canarySize: instances(1), terminationWaitInSeconds: 60 });
    expect(JSON.parse(JSON.stringify(deploymentConfig(policy)))).to.deep.equal({
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "CANARY", canarySize: instances(1), waitIntervalInSeconds: 300 },
        terminationWaitInSeconds: 60,
      },
    });
    expect(JSON.parse(JSON.stringify(deploymentConfig(rollout({ strategy: "rolling" }))))).to.deep.equal({
      rollingUpdatePolicy: { maximumBatchSize: percent(50), waitIntervalInSeconds: 300 },
    });
  });
});

describe("the alarms that roll a release back", () => {
  it("are the same three whatever the thresholds, so that the endpoint never needs to be replaced", () => {
    const zero = { invocation5XXErrorsPercent: 0, invocationModelErrorsPercent: 0, modelLatencyInMilliseconds: 1 };
    const purposes = (thresholds: typeof zero) => rollbackAlarms(thresholds).map(({ purpose }) => purpose);
    expect(purposes(zero)).to.deep.equal(purposes(alarms));
    expect(purposes(zero)).to.have.length(3);
  });

  it("watch percentages of the invocations, and the latency in milliseconds", () => {
    expect(rollbackAlarms(alarms).map(({ expression, threshold }) => [expression(1), threshold])).to.deep.equal([
      ["100 * FILL(errors1, 0) / invocations1", 1],
      ["100 * FILL(errors1, 0) / invocations1", 5],
      ["latency1 / 1000", 1000],
    ]);
  });

  it("watch several variants together, and the latency of the slowest", () => {
    const [errors, , latency] = rollbackAlarms(alarms);
    expect(errors?.expression(2)).to.equal(
      "100 * SUM([FILL(errors1, 0), FILL(errors2, 0)]) / SUM([FILL(invocations1, 0), FILL(invocations2, 0)])",
    );
    expect(latency?.expression(2)).to.equal("MAX([FILL(latency1, 0), FILL(latency2, 0)]) / 1000");
  });
});
