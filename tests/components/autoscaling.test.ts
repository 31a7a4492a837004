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

  it("can track the concurrent requests, which CloudWatch gets every ten seconds", async () => {
    const concurrent = { minCapacity: 3, maxCapacity: 5, concurrentRequestsPerModel: 4 };
    const plan = await planOf("dev", { initialInstanceCount: "", autoscaling: JSON.stringify(concurrent) });
    expect(resourceOf(plan, "triton-autoscaling-policy").inputs.targetTrackingScalingPolicyConfiguration).to.deep.equal(
      {
        predefinedMetricSpecification: {
          predefinedMetricType: "SageMakerVariantConcurrentRequestsPerModelHighResolution",
        },
        targetValue: 4,
        scaleInCooldown: 300,
        scaleOutCooldown: 300,
      },
    );
  });

  it("of a serverless endpoint scales its provisioned concurrency, by its use and on a schedule", async () => {
    const scheduledActions = [
      { scheduledActionName: "evening", schedule: "cron(0 19 ? * * *)", scalableTargetAction: { maxCapacity: 2 } },
    ];
    const plan = await planOf("dev", {
      initialInstanceCount: "",
      instanceType: "",
      imageTag: "",
      imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/small:1",
      serverless: JSON.stringify({ memorySizeInMb: 2048, maxConcurrency: 5, provisionedConcurrency: 2 }),
      autoscaling: JSON.stringify({
        ...{ minCapacity: 1, maxCapacity: 4, provisionedConcurrencyUtilization: 0.7, scheduledActions },
      }),
    });
    const serverless = {
      ...scaled,
      scalableDimension: "sagemaker:variant:DesiredProvisionedConcurrency",
      resourceId: "endpoint/sagemaker-triton-dev/variant/AllTraffic",
    };
    expect(resourceOf(plan, "triton-autoscaling-target").inputs).to.deep.include({
      ...serverless,
      minCapacity: 1,
      maxCapacity: 4,
    });
    const { inputs } = resourceOf(plan, "triton-autoscaling-policy");
    expect(inputs).to.deep.include(serverless);
    expect(inputs.targetTrackingScalingPolicyConfiguration).to.deep.include({
      predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantProvisionedConcurrencyUtilization" },
      targetValue: 0.7,
    });
    expect(resourceOf(plan, "triton-autoscaling-evening").inputs).to.deep.include(serverless);
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
