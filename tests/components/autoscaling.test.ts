import { expect } from "chai";
import { planOf, resourceOf } from "../support/plans.ts";

const scaled = {
  serviceNamespace: "sagemaker",
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  resourceId: "endpoint/sagemaker-triton-prod/variant/AllTraffic",
};

describe("prod's autoscaling", () => {
  it("scales the endpoint's variant between its bounds, once the endpoint is in service", async () => {
    const { inputs, options } = resourceOf(await planOf("prod"), "triton-autoscaling-target");
    expect(inputs).to.deep.equal({
      ...scaled,
      minCapacity: 2,
      maxCapacity: 6,
      tags: { CostEnv: "prod", CostService: "sagemaker-triton" },
    });
    expect(options.dependsOn).to.deep.equal(["triton-server-endpoint"]);
  });

  it("tracks the configured number of invocations per instance", async () => {
    const { inputs } = resourceOf(await planOf("prod"), "triton-autoscaling-policy");
    expect(inputs).to.deep.equal({
      ...scaled,
      // A fixed name: the policy that a release restores and the one recreated after a refresh are the same.
      name: "triton-autoscaling-policy",
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
        targetValue: 600,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  });
});

describe("autoscaling", () => {
  const options = { minCapacity: 3, maxCapacity: 5, invocationsPerInstance: 60.5 };

  it("starts each release with the minimum instance count", async () => {
    const plan = await planOf("dev", { initialInstanceCount: "", autoscaling: JSON.stringify(options) });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "productionVariants[0].initialInstanceCount",
      3,
    );
  });

  it("can change the bounds on a schedule, in a time zone", async () => {
    const scheduledActions = [
      {
        scheduledActionName: "working-hours",
        schedule: "cron(0 7 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        scalableTargetAction: { minCapacity: 4, maxCapacity: 9 },
      },
      { scheduledActionName: "evening", schedule: "cron(0 19 ? * * *)", scalableTargetAction: { minCapacity: 3 } },
    ];
    const plan = await planOf("dev", {
      initialInstanceCount: "",
      autoscaling: JSON.stringify({ ...options, scheduledActions }),
    });
    const resourceId = "endpoint/sagemaker-triton-dev/variant/AllTraffic";
    for (const { scheduledActionName, ...action } of scheduledActions) {
      expect(resourceOf(plan, `triton-autoscaling-${scheduledActionName}`).inputs).to.deep.equal({
        ...scaled,
        ...action,
        resourceId,
        name: scheduledActionName,
      });
    }
  });

  it("is absent if it isn't set, and the instance count then stays fixed", async () => {
    const plan = await planOf("dev", { initialInstanceCount: "3" });
    expect(plan.resources.filter(({ type }) => type.includes("appautoscaling"))).to.deep.equal([]);
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "productionVariants[0].initialInstanceCount",
      3,
    );
  });
});
