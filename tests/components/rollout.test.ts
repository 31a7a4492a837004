import { expect } from "chai";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const alarmNames = ["invocation-5xx-errors", "invocation-model-errors", "model-latency"].map(
  (purpose) => `sagemaker-triton-prod-triton-rollout-${purpose}`,
);

describe("prod's rollout", () => {
  it("is a canary with alarms that are created before the endpoint and outlive it", async () => {
    const plan = await planOf("prod");
    const { inputs, options } = resourceOf(plan, "triton-server-endpoint");
    expect(inputs.deploymentConfig).to.deep.equal({
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "CANARY",
          canarySize: { type: "INSTANCE_COUNT", value: 1 },
          waitIntervalInSeconds: 600,
        },
        terminationWaitInSeconds: 300,
      },
      autoRollbackConfiguration: { alarms: alarmNames.map((alarmName) => ({ alarmName })) },
    });
    const alarms = plan.resources.filter(({ parent }) => parent === "triton-rollout");
    expect(alarms.map(({ inputs: { name } }) => name)).to.deep.equal(alarmNames);
    expect(options.dependsOn).to.include.members(alarms.map(({ name }) => name));
    expect(alarms.map(({ options: { retainOnDelete } }) => retainOnDelete)).to.deep.equal([true, true, true]);
  });

  it("watches this endpoint's variant minute by minute, and treats missing data as healthy", async () => {
    const { inputs } = resourceOf(await planOf("prod"), "triton-rollout-invocation-5xx-errors");
    expect(inputs).to.deep.include({ treatMissingData: "notBreaching", evaluationPeriods: 2, threshold: 1 });
    const dimensions = { EndpointName: "sagemaker-triton-prod", VariantName: "AllTraffic" };
    const metric = { namespace: "AWS/SageMaker", stat: "Sum", period: 60, dimensions };
    expect((inputs.metricQueries as unknown[]).slice(1)).to.deep.equal([
      { id: "errors1", metric: { ...metric, metricName: "Invocation5XXErrors" } },
      { id: "invocations1", metric: { ...metric, metricName: "Invocations" } },
    ]);
  });

  it("lets the role read only these alarms", async () => {
    expect(statementsOf(resourceOf(await planOf("prod"), "triton-execution-rollback").inputs.policy)).to.deep.equal([
      {
        Sid: "SeeRollbackAlarms",
        Effect: "Allow",
        Action: "cloudwatch:DescribeAlarms",
        Resource: alarmNames.map((name) => `arn:aws:cloudwatch:us-east-1:\${aws.accountId}:alarm:${name}`),
      },
    ]);
  });

  it("never replaces the endpoint: a new name or threshold keeps the alarms' names, and other changes are ignored", async () => {
    const rollout = '{"strategy":"allAtOnce","alarms":{"modelLatencyInMilliseconds":500}}';
    const plan = await planOf("prod", { endpointName: "penguins", rollout });
    expect(resourceOf(plan, "triton-server-endpoint").inputs).to.deep.nested.include({
      "deploymentConfig.autoRollbackConfiguration.alarms": alarmNames.map((alarmName) => ({ alarmName })),
    });
    const ignored = ["deploymentConfig.autoRollbackConfiguration"];
    expect(resourceOf(plan, "triton-server-endpoint").options.ignoreChanges).to.deep.equal(ignored);
  });

  it("makes a new configuration when its strategy changes, but not when only thresholds do", async () => {
    const triggerOf = async (rollout: string) =>
      resourceOf(await planOf("prod", { rollout }), "triton-server-configuration").options.replacementTrigger;
    const before = await triggerOf('{"strategy":"allAtOnce"}');
    expect(before).to.have.nested.property("blueGreenUpdatePolicy.trafficRoutingConfiguration.type", "ALL_AT_ONCE");
    expect(await triggerOf('{"strategy":"allAtOnce","waitIntervalInSeconds":600}')).to.not.deep.equal(before);
    expect(await triggerOf('{"strategy":"allAtOnce","alarms":{"modelLatencyInMilliseconds":500}}')).to.deep.equal(
      before,
    );
  });

  it("is absent in a stack that never had one, with a value in the configuration because the engine only compares two values", async () => {
    const plan = await planOf("prod", { rollout: "" });
    expect(resourceOf(plan, "triton-server-endpoint").inputs).to.not.have.property("deploymentConfig");
    expect(resourceOf(plan, "triton-server-endpoint").options.ignoreChanges).to.deep.equal(["deploymentConfig"]);
    expect(resourceOf(plan, "triton-server-configuration").options.replacementTrigger).to.equal("none");
    expect(plan.resources.filter(({ parent }) => parent === "triton-rollout")).to.deep.equal([]);
  });
});
