import { expect } from "chai";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../preview/plan.ts";
import { readModelFolder } from "../../packing/folder.ts";
import { readModelArchive } from "../../packing/modelArchive.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import { endpointProblems } from "../../endpoint/rules.ts";
import { endpointSchema, type Endpoint } from "../../endpoint/schema.ts";
import { loadModel } from "../../packing/loadModel.ts";
import { differences, inTemporaryFolder, planOf, resourceOf, writeFiles } from "../support/plans.ts";
import { failureOf } from "../support/failures.ts";

const json = (value: unknown) => JSON.stringify(value);
const metered = (more: object = {}) => ({ monitoring: json({ retentionInDays: 90, serverMetrics: {}, ...more }) });
const model = "sagemaker-triton-metrics";

/** What a Model's container is told about the metrics. */
function toldTo(plan: Plan, name: string) {
  const { primaryContainer } = resourceOf(plan, name).inputs as {
    primaryContainer: { environment: Record<string, string> };
  };
  const { SERVER_METRICS = "{}", ...environment } = primaryContainer.environment;
  return { environment, options: JSON.parse(SERVER_METRICS) as unknown };
}

describe("Triton's own metrics", () => {
  it("change the archive, the container and what watches it, and nothing else", async () => {
    const [before, after] = [await planOf("prod"), await planOf("prod", metered())];
    expect(differences(before, after)).to.deep.equal([
      "triton-monitoring-AllTraffic-server-failures",
      "triton-monitoring-AllTraffic-server-pending-requests",
      "triton-monitoring-AllTraffic-server-queue-time",
      "triton-monitoring-dashboard",
      "triton-server-model",
      "triton-storage-model",
    ]);
    const { environment, options } = toldTo(after, "triton-server-model");
    expect(environment).to.deep.equal({
      ...toldTo(before, "triton-server-model").environment,
      SAGEMAKER_TRITON_ALLOW_METRICS: "true",
      SAGEMAKER_TRITON_ADDITIONAL_ARGS: `--load-model=${model}`,
    });
    expect(options).to.deep.equal({
      dimensions: { EndpointName: "sagemaker-triton-prod", VariantName: "AllTraffic" },
      periodInSeconds: 60,
      defaultModelName: "penguins",
    });
  });

  it("are read by a model in the archive, which an archive without them lacks", async () => {
    const filesOf = async (plan: Plan) => {
      const { source } = resourceOf(plan, "triton-storage-model").inputs as { source: { path: string } };
      return [...(await readModelArchive(source.path)).files.keys()];
    };
    const [before, after] = [await filesOf(await planOf("prod")), await filesOf(await planOf("prod", metered()))];
    const added = [`${model}/1/model.py`, `${model}/config.pbtxt`];
    expect(after).to.have.members([...before, ...added]);
    expect(before.filter((file) => file.includes(model))).to.deep.equal([]);
  });

  it("are read by a model among the single files of a prefix", async () => {
    const plan = await planOf("prod", { ...metered(), modelDataFormat: "prefix" });
    const keys = plan.resources.map(({ inputs }) => String(inputs.key));
    expect(keys.filter((key) => key.includes(`/${model}/`))).to.have.length(2);
  });

  it("add to the models and arguments that are loaded already, on the port that is set", async () => {
    const modelServer = json({ loadModels: ["penguins_classifier"], metricsPort: 9002 });
    const plan = await planOf("prod", { ...metered({ serverMetrics: { periodInSeconds: 10 } }), modelServer });
    const { environment, options } = toldTo(plan, "triton-server-model");
    expect(environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS).to.equal(
      `--load-model=penguins_classifier --load-model=${model}`,
    );
    expect(options).to.deep.include({ periodInSeconds: 10, port: 9002 });
  });

  it("are reported for each variant and the shadow by a container of its own", async () => {
    const several = await planOf("dev", { ...metered(), variants: json({ a: {}, b: {} }) });
    for (const variant of ["a", "b"]) {
      const { options } = toldTo(several, `triton-server-${variant}-model`);
      expect(options).to.have.nested.property("dimensions.VariantName", variant);
    }
    expect(several.resources.filter(({ name }) => name === "triton-server-model")).to.deep.equal([]);
    const shadowed = await planOf("dev", { ...metered(), shadow: json({ samplingPercentage: 10 }) });
    for (const variant of ["AllTraffic", "Shadow"]) {
      const { options } = toldTo(shadowed, `triton-server-${variant}-model`);
      expect(options).to.have.nested.property("dimensions.VariantName", variant);
    }
  });

  it("need no network, and work with asynchronous and with serverless inference", async () => {
    const serverless = {
      ...{ initialInstanceCount: "", instanceType: "", imageTag: "" },
      imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/small:26.05-py3",
      serverless: json({ memorySizeInMb: 2048, maxConcurrency: 5 }),
    };
    const ways: Readonly<Record<string, string>>[] = [
      { networkIsolation: "true" },
      { asyncInference: "{}" },
      serverless,
    ];
    for (const way of ways) {
      const { options } = toldTo(await planOf("dev", { ...metered(), ...way }), "triton-server-model");
      expect(options).to.have.property("periodInSeconds", 60);
    }
  });

  it("have alarms with their thresholds, and a row of the dashboard", async () => {
    const plan = await planOf("prod", metered({ serverMetrics: { queueTimeInMilliseconds: 20, pendingRequests: 7 } }));
    const dimensions = { EndpointName: "sagemaker-triton-prod", VariantName: "AllTraffic" };
    const metric = { namespace: "SageMakerTriton", period: 60, dimensions };
    const queue = resourceOf(plan, "triton-monitoring-AllTraffic-server-queue-time").inputs;
    expect(queue).to.deep.include({ threshold: 20, treatMissingData: "notBreaching" });
    expect(queue.metricQueries).to.deep.equal([
      {
        ...{ id: "watched", expression: "time / 1000", returnData: true },
        label: "requests waited in Triton on average more than 20 ms",
      },
      { id: "time", metric: { ...metric, metricName: "QueueTime", stat: "Average" } },
    ]);
    const pending = resourceOf(plan, "triton-monitoring-AllTraffic-server-pending-requests").inputs;
    expect(pending).to.deep.include({ threshold: 7 });
    expect(pending.metricQueries).to.have.nested.property("[0].metric.metricName", "PendingRequests");
    const body = String(resourceOf(plan, "triton-monitoring-dashboard").inputs.dashboardBody);
    expect(body).to.include("## Triton").and.include('"OutputTime"').and.include("alarm of queue");
    expect(body).to.include(
      `SEARCH('{SageMakerTriton,EndpointName,VariantName,ModelName} EndpointName=\\"sagemaker-triton-prod\\" VariantName=\\"AllTraffic\\" MetricName=\\"BatchSize\\"', 'Average')`,
    );
  });

  it("are tracked by autoscaling in policies of their own, for which an idle server reports zeros", async () => {
    const autoscaling = { minCapacity: 2, maxCapacity: 6, invocationsPerInstance: 600, scaleOutCooldown: 60 };
    const before = await planOf("prod", metered());
    const plan = await planOf("prod", {
      ...metered(),
      autoscaling: json({ ...autoscaling, queueTimeInMicroseconds: 20_000, pendingRequests: 4 }),
    });
    const own = ["triton-autoscaling-pending-requests-policy", "triton-autoscaling-queue-time-policy"];
    expect(differences(before, plan)).to.deep.equal([...own, "triton-server-model"]);
    expect(toldTo(plan, "triton-server-model").options).to.have.property("printIdle", true);
    for (const [role, metricName, targetValue] of [
      ["queue-time", "QueueTime", 20_000],
      ["pending-requests", "PendingRequests", 4],
    ] as const) {
      const { inputs } = resourceOf(plan, `triton-autoscaling-${role}-policy`);
      expect(inputs.targetTrackingScalingPolicyConfiguration).to.deep.equal({
        customizedMetricSpecification: {
          namespace: "SageMakerTriton",
          metricName,
          dimensions: [
            { name: "EndpointName", value: "sagemaker-triton-prod" },
            { name: "VariantName", value: "AllTraffic" },
          ],
          statistic: "Average",
        },
        targetValue,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      });
    }
  });

  it("are refused with a repository that has a folder of that name", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, { [`${model}/config.pbtxt`]: 'backend: "python"' });
      const failure = await failureOf(loadModel({ modelRepository: directory }, { serverMetrics: true }));
      expect(failure.message).to.include(
        `has a folder ${model}, the name of the model that monitoring.serverMetrics adds`,
      );
    });
  });

  it("count in the check of the shared memory", async () => {
    await inTemporaryFolder(async (directory) => {
      const config = `backend: "python"\ninstance_group [{ count: 4, kind: KIND_CPU }]
input [{ name: "x", data_type: TYPE_FP32, dims: [1] }]\noutput [{ name: "y", data_type: TYPE_FP32, dims: [1] }]`;
      writeFiles(path.join(directory, "models"), {
        "m/config.pbtxt": config,
        "m/1/model.py": readFileSync(path.join("packing/serverMetrics/1/model.py"), "utf8"),
      });
      const checked = async (serverMetrics: boolean) =>
        checkModelRepository(await readModelFolder(path.join(directory, "models"), { serverMetrics }), {
          ...{ defaultModelName: "m", additionalArgs: serverMetrics ? `--load-model=${model}` : "" },
        });
      expect(await checked(false)).to.deep.equal([]);
      const [problem, ...others] = await checked(true);
      expect(others).to.deep.equal([]);
      expect(problem).to.deep.include({ code: "shared-memory-too-small" });
    });
  });

  it("are a warning with an image that may lack Triton's Python backend", () => {
    const imageUri = (tag: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:${tag}`;
    const found = (tag: string) => {
      const endpoint = endpointSchema.parse({
        ...{ modelRepository: "models", defaultModelName: "penguins", imageUri: imageUri(tag) },
        monitoring: { retentionInDays: 30, serverMetrics: {} },
      });
      return endpointProblems(endpoint as Endpoint, { name: "triton" }).map(({ code, severity }) => [code, severity]);
    };
    expect(found("mine")).to.deep.equal([["server-metrics-backend", "warning"]]);
    expect(found("25.04-vllm-python-py3")).to.deep.equal([]);
  });
});
