import { readdirSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { previewStack, type Plan } from "../../preview/plan.ts";
import { instanceTypeWarning } from "../../sagemaker/instanceTypes.ts";
import { failureOf } from "../support/failures.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const json = (value: unknown) => JSON.stringify(value);
const variantsOf = (plan: Plan) =>
  resourceOf(plan, "triton-server-configuration").inputs.productionVariants as Record<string, unknown>[];
const modelsOf = (plan: Plan) =>
  plan.resources.filter(({ type }) => type === "aws:sagemaker/model:Model").map(({ name }) => name);

describe("several variants", () => {
  const variants = {
    current: { initialVariantWeight: 9, initialInstanceCount: 2 },
    next: { initialVariantWeight: 0, instanceType: "ml.c5.large", volumeSizeInGb: 30 },
  };

  it("share a model, but each has its own weight, instances and volume", async () => {
    const plan = await planOf("dev", { variants: json(variants), initialInstanceCount: "" });
    expect(modelsOf(plan)).to.deep.equal(["triton-server-model"]);
    const common = {
      modelName: "${triton-server-model.name}",
      containerStartupHealthCheckTimeoutInSeconds: 300,
      modelDataDownloadTimeoutInSeconds: 1200,
    };
    expect(variantsOf(plan)).to.deep.equal([
      {
        ...common,
        variantName: "current",
        instanceType: "ml.m5.large",
        initialInstanceCount: 2,
        initialVariantWeight: 9,
      },
      {
        ...common,
        variantName: "next",
        instanceType: "ml.c5.large",
        initialInstanceCount: 1,
        initialVariantWeight: 0,
        volumeSizeInGb: 30,
      },
    ]);
  });

  it("with their own model have their own object and Model", async () => {
    const own = { a: {}, b: { modelRepository: "models", modelServer: { threadCount: 16 } } };
    const plan = await planOf("dev", { variants: json(own) });
    expect(modelsOf(plan)).to.deep.equal(["triton-server-model", "triton-server-b-model"]);
    expect(resourceOf(plan, "triton-storage-b-model").inputs.key).to.match(
      /^artifacts\/b\/models-[0-9a-f]{16}\.tar\.gz$/,
    );
    expect(resourceOf(plan, "triton-server-b-model").inputs.primaryContainer).to.deep.include({
      modelDataUrl: `s3://\${triton-storage-bucket.bucket}/${String(resourceOf(plan, "triton-storage-b-model").inputs.key)}`,
      environment: {
        SAGEMAKER_TRITON_LOG_VERBOSE: "false",
        SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins",
        SAGEMAKER_TRITON_THREAD_COUNT: "16",
      },
    });
  });

  it("that all have their own model don't need one for the stack", async () => {
    const own = { a: { modelRepository: "models" }, b: { modelDataUrl: "s3://models/b.tar.gz" } };
    const plan = await planOf("dev", { modelRepository: "", variants: json(own) });
    expect(modelsOf(plan)).to.deep.equal(["triton-server-a-model", "triton-server-b-model"]);
    expect(statementsOf(resourceOf(plan, "triton-execution-model-data").inputs.policy)[0]?.Resource).to.deep.equal([
      "${triton-storage-bucket.arn}/artifacts/*",
      "arn:aws:s3:::models/b.tar.gz",
    ]);
    expect(plan.outputs).to.include({ modelName: "${triton-server-a-model.name}" });
  });

  it("scale independently, by the stack's or their own autoscaling", async () => {
    const autoscaling = { minCapacity: 2, maxCapacity: 4, invocationsPerInstance: 100 };
    const own = { a: {}, b: { autoscaling: { ...autoscaling, minCapacity: 1 } } };
    const plan = await planOf("dev", {
      initialInstanceCount: "",
      autoscaling: json(autoscaling),
      variants: json(own),
    });
    expect(resourceOf(plan, "triton-a-autoscaling-target").inputs).to.include({
      resourceId: "endpoint/sagemaker-triton-dev/variant/a",
      minCapacity: 2,
    });
    expect(resourceOf(plan, "triton-b-autoscaling-target").inputs).to.include({
      resourceId: "endpoint/sagemaker-triton-dev/variant/b",
      minCapacity: 1,
    });
    expect(variantsOf(plan).map(({ initialInstanceCount }) => initialInstanceCount)).to.deep.equal([2, 1]);
  });

  it("are watched together during a rollout", async () => {
    const plan = await planOf("prod", { variants: json({ a: {}, b: {} }) });
    const queries = resourceOf(plan, "triton-rollout-model-latency").inputs.metricQueries as {
      id: string;
      metric?: { dimensions: object };
    }[];
    expect(queries.map(({ id, metric }) => [id, metric?.dimensions])).to.deep.equal([
      ["watched", undefined],
      ["latency1", { EndpointName: "sagemaker-triton-prod", VariantName: "a" }],
      ["latency2", { EndpointName: "sagemaker-triton-prod", VariantName: "b" }],
    ]);
  });
});

describe("a Model that already exists in SageMaker", () => {
  it("is served instead of the stack's own, whose object stays", async () => {
    const plan = await planOf("prod", { modelName: "triton-server-model-0123456" });
    expect(modelsOf(plan)).to.deep.equal([]);
    expect(variantsOf(plan)[0]).to.include({ modelName: "triton-server-model-0123456" });
    expect(resourceOf(plan, "triton-storage-model").inputs.key).to.match(/^artifacts\/models-/);
    expect(plan.outputs).to.include({ modelName: "triton-server-model-0123456", modelDataUrl: "" });
  });

  it("needs no other model", async () => {
    const plan = await planOf("dev", { modelRepository: "", modelName: "triton-server-model-0123456" });
    expect(plan.resources.filter(({ type }) => type.includes("bucketObject"))).to.deep.equal([]);
  });
});

describe("a shadow", () => {
  it("gets a percentage of the production variant's requests, with its own model and instances", async () => {
    const shadow = { samplingPercentage: 10, modelDataUrl: "s3://models/next.tar.gz", instanceType: "ml.c5.large" };
    const plan = await planOf("dev", { shadow: json(shadow), initialVariantWeight: "2" });
    expect(resourceOf(plan, "triton-server-configuration").inputs.shadowProductionVariants).to.deep.equal([
      {
        variantName: "Shadow",
        modelName: "${triton-server-Shadow-model.name}",
        instanceType: "ml.c5.large",
        initialInstanceCount: 1,
        initialVariantWeight: 0.2,
        containerStartupHealthCheckTimeoutInSeconds: 300,
        modelDataDownloadTimeoutInSeconds: 1200,
      },
    ]);
    expect(variantsOf(plan)).to.have.length(1);
  });

  it("removes the volume key from both variants if it has local storage", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const shadow = { samplingPercentage: 10, instanceType: "ml.g5.xlarge" };
    const plan = await planOf("dev", { kmsKeyArn, shadow: json(shadow) });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.not.have.property("kmsKeyArn");
  });
});

describe("a serverless endpoint", () => {
  const serverless = { memorySizeInMb: 4096, maxConcurrency: 10, provisionedConcurrency: 2 };

  it("has memory and concurrency, and no instance settings", async () => {
    const plan = await planOf("dev", {
      ...{ serverless: json(serverless), instanceType: "", initialInstanceCount: "" },
      imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton-cpu:26.05-py3",
    });
    expect(variantsOf(plan)).to.deep.equal([
      {
        variantName: "AllTraffic",
        modelName: "${triton-server-model.name}",
        initialVariantWeight: 1,
        serverlessConfig: serverless,
      },
    ]);
  });
});

describe("asynchronous inference", () => {
  const topics = { successTopic: "arn:aws:sns:us-east-1:123456789012:answered" };
  const asyncInference = json({ maxConcurrentInvocationsPerInstance: 4, ...topics, expirationInDays: 3 });

  it("writes answers and failures to the bucket, notifies topics, and limits the concurrent requests per instance", async () => {
    const plan = await planOf("dev", { asyncInference });
    expect(resourceOf(plan, "triton-server-configuration").inputs.asyncInferenceConfig).to.deep.equal({
      outputConfig: {
        s3OutputPath: "s3://${triton-storage-bucket.bucket}/async-inference/output/",
        s3FailurePath: "s3://${triton-storage-bucket.bucket}/async-inference/failure/",
        notificationConfig: topics,
      },
      clientConfig: { maxConcurrentInvocationsPerInstance: 4 },
    });
  });

  it("is encrypted with the stack's key", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const plan = await planOf("dev", { asyncInference, kmsKeyArn });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "asyncInferenceConfig.outputConfig.kmsKeyId",
      kmsKeyArn,
    );
  });

  it("lets the role only read requests, write answers and publish to the topics", async () => {
    const plan = await planOf("dev", { asyncInference });
    const bucket = "${triton-storage-bucket.arn}/async-inference";
    expect(
      statementsOf(resourceOf(plan, "triton-execution-async-inference").inputs.policy).map(({ Action, Resource }) => [
        Action,
        Resource,
      ]),
    ).to.deep.equal([
      ["s3:GetObject", `${bucket}/input/*`],
      [
        ["s3:AbortMultipartUpload", "s3:PutObject"],
        [`${bucket}/output/*`, `${bucket}/failure/*`],
      ],
      ["sns:Publish", [topics.successTopic]],
    ]);
  });

  it("deletes requests and answers after some days, and their earlier versions too", async () => {
    const plan = await planOf("dev", { asyncInference });
    const rules = resourceOf(plan, "triton-storage-lifecycle").inputs.rules as Record<string, unknown>[];
    expect(rules.slice(1)).to.deep.equal(
      ["input", "output", "failure"].map((kind) => ({
        id: `expire-async-inference-${kind}`,
        status: "Enabled",
        filter: { prefix: `async-inference/${kind}/` },
        expiration: { days: 3 },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      })),
    );
  });

  it("scales on the waiting requests, down to zero instances and back", async () => {
    const autoscaling = json({ minCapacity: 0, maxCapacity: 3, backlogSizePerInstance: 5 });
    const plan = await planOf("dev", { asyncInference, autoscaling, initialInstanceCount: "" });
    expect(variantsOf(plan)[0]).to.include({ initialInstanceCount: 1 });
    expect(resourceOf(plan, "triton-autoscaling-target").inputs).to.include({ minCapacity: 0, maxCapacity: 3 });
    expect(
      resourceOf(plan, "triton-autoscaling-policy").inputs.targetTrackingScalingPolicyConfiguration,
    ).to.deep.include({
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: "sagemaker-triton-dev" }],
        statistic: "Average",
      },
      targetValue: 5,
    });
    expect(resourceOf(plan, "triton-autoscaling-waiting").inputs).to.deep.include({
      metricName: "HasBacklogWithoutCapacity",
      dimensions: { EndpointName: "sagemaker-triton-dev" },
      alarmActions: ["${triton-autoscaling-wake.arn}"],
    });
    expect(resourceOf(plan, "triton-autoscaling-wake").inputs).to.deep.include({
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Average",
        cooldown: 300,
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
      },
    });
  });

  it("needs no alarm if at least one instance always runs", async () => {
    const autoscaling = json({ minCapacity: 1, maxCapacity: 3, backlogSizePerInstance: 5 });
    const plan = await planOf("dev", { asyncInference, autoscaling });
    expect(plan.resources.filter(({ name }) => /wake|waiting/.test(name))).to.deep.equal([]);
  });
});

describe("a model that can't be served", () => {
  const bad = { modelRepository: "docs" };
  const stacks = {
    modelRepository: { modelRepository: "docs" },
    "variants.b.modelRepository": { variants: json({ a: {}, b: bad }) },
    "shadow.modelRepository": { shadow: json({ samplingPercentage: 10, ...bad }) },
    "shadow.modelArchive": { shadow: json({ samplingPercentage: 10, modelArchive: "package.json" }) },
    multiModel: { modelRepository: "", defaultModelName: "", multiModel: json({ modelRepositories: "docs" }) },
  };
  for (const [setting, config] of Object.entries(stacks)) {
    it(`is told with the setting that names it: ${setting}`, async () => {
      const { message } = await failureOf(previewStack({ stack: "dev", config }));
      expect(message.split(": the ")[0]).to.equal(setting);
    });
  }
});

describe("the examples in docs/examples", () => {
  for (const file of readdirSync("docs/examples")) {
    it(`plan a stack: ${file}`, async () => {
      const configFile = path.join("docs/examples", file);
      const plan = await previewStack({ stack: "dev", configFile });
      expect(plan.resources.filter(({ type }) => type === "aws:sagemaker/endpoint:Endpoint")).to.have.length(1);
      expect(JSON.stringify(plan)).to.not.match(/undefined|\[object |NaN/);
      const instanceTypes = JSON.stringify(plan).match(/ml\.\w+\.\w+/g) ?? [];
      expect(instanceTypes.map(instanceTypeWarning).filter(Boolean)).to.deep.equal([]);
    });
  }
});
