import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { loadModel } from "../../packing/loadModel.ts";
import { TritonEndpoint } from "../../components/tritonEndpoint.ts";
import type { TritonEndpointArgs } from "../../components/tritonEndpointArgs.ts";
import { watchReleases } from "../../releases/watchReleases.ts";
import { withMissingOutputs } from "../support/missingOutputs.ts";

type Mocks = pulumi.runtime.Mocks;
type Given = TritonEndpointArgs | Promise<TritonEndpointArgs>;

/** Mocks as other programs have them: a resource's outputs are at most its inputs. */
const mocks: Readonly<Record<string, Mocks>> = {
  "as in Pulumi's documentation": {
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...(inputs as object) } }),
    call: ({ inputs }) => inputs as object,
  },
  "that answer no function": {
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  },
  "without outputs": { newResource: ({ name }) => ({ id: `${name}_id`, state: {} }), call: () => ({}) },
  "without ids": {
    newResource: ({ inputs }) => ({ id: undefined, state: { ...(inputs as object) } }),
    call: ({ inputs }) => inputs as object,
  },
};

const model = { modelRepository: "models", defaultModelName: "penguins" };

/** Ways of serving, each with its parts from other resources wherever that is possible. */
const ways: Readonly<Record<string, () => Given>> = {
  "real time": () => model,
  "a GPU with a pinned image": () => ({
    ...model,
    instanceType: "ml.g5.xlarge",
    imageDigest: `sha256:${"0".repeat(64)}`,
  }),
  "an upstream image": () => ({ ...model, upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" }),
  "an image of another resource": () => ({
    ...model,
    imageUri: pulumi.interpolate`${new aws.ecr.Repository("images").repositoryUrl}:1`,
  }),
  serverless: () => ({
    ...model,
    imageUri: new aws.ecr.Repository("images").repositoryUrl,
    serverless: { memorySizeInMb: 2048, maxConcurrency: 5, provisionedConcurrency: 1 },
    autoscaling: { minCapacity: 1, maxCapacity: 4, provisionedConcurrencyUtilization: 0.7 },
  }),
  "asynchronous inference, scaled to zero": () => ({
    ...model,
    asyncInference: {
      successTopic: new aws.sns.Topic("answered").arn,
      errorTopic: new aws.sns.Topic("failed").arn,
      expirationInDays: 7,
    },
    autoscaling: { minCapacity: 0, maxCapacity: 2, backlogSizePerInstance: 5 },
  }),
  "many models": async () => ({
    model: await loadModel({ multiModel: { modelRepositories: "examples/multi-model" } }),
  }),
  "single files": async () => ({
    model: await loadModel(
      { modelRepository: "models", modelDataFormat: "prefix" },
      { check: { defaultModelName: "penguins" } },
    ),
    defaultModelName: "penguins",
  }),
  "a model in S3": () => {
    const { bucket, key } = new aws.s3.BucketObjectv2("model", { bucket: "team", key: "model.tar.gz" });
    return { modelDataUrl: pulumi.interpolate`s3://${bucket}/${key}`, defaultModelName: "penguins" };
  },
  "variants, one of an existing Model": () => ({
    ...model,
    keepReleases: true,
    variants: {
      a: { modelServer: { threadCount: 16 } },
      b: { modelName: new aws.sagemaker.Model("other", { executionRoleArn: "arn:aws:iam::123456789012:role/r" }).name },
    },
  }),
  "a shadow": () => ({ ...model, shadow: { samplingPercentage: 10, environment: { MODE: "slow" } } }),
  "scheduled autoscaling": () => ({
    ...model,
    initialInstanceCount: 1,
    autoscaling: {
      minCapacity: 1,
      maxCapacity: 8,
      invocationsPerInstance: 600,
      scheduledActions: [
        { scheduledActionName: "night", schedule: "cron(0 22 * * ? *)", scalableTargetAction: { maxCapacity: 2 } },
      ],
    },
  }),
  "monitoring, a key and a budget": () => ({
    ...model,
    createKmsKey: true,
    accessLogging: true,
    monitoring: { retentionInDays: 30, emailAddresses: ["on-call@example.com"], alarms: {} },
    dataCapture: { initialSamplingPercentage: 10, input: true, output: true, expirationInDays: 7 },
    coreDump: { expirationInDays: 7 },
    budget: { limitAmount: 100 },
    tags: { CostService: "birds" },
  }),
  "a key and a topic of another resource": () => ({
    ...model,
    kmsKeyArn: new aws.kms.Key("key").arn,
    monitoring: { retentionInDays: 30, topicArn: new aws.sns.Topic("topic").arn },
  }),
  "a rollout": () => ({ ...model, initialInstanceCount: 2, keepReleases: true, rollout: { strategy: "allAtOnce" } }),
  "a VPC": () => {
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id });
    const routeTable = new aws.ec2.RouteTable("routes", { vpcId: vpc.id });
    return { ...model, vpcConfig: { subnets: [subnet.id], vpcId: vpc.id, routeTableIds: [routeTable.id] } };
  },
  "a VPC of a component whose outputs are missing": () => {
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const missing = vpc.mainRouteTableId as pulumi.Output<unknown>;
    return {
      ...model,
      vpcConfig: {
        subnets: missing as pulumi.Output<string[]>,
        securityGroupIds: [vpc.defaultSecurityGroupId],
      },
    };
  },
  "existing parts": () => ({
    ...model,
    bucket: new aws.s3.Bucket("bucket"),
    repository: new aws.ecr.Repository("repository"),
    role: new aws.iam.Role("role", { assumeRolePolicy: "{}" }),
    logGroup: new aws.cloudwatch.LogGroup("logs"),
  }),
  "outputs of existing parts": () => ({
    ...model,
    bucket: new aws.s3.Bucket("bucket").bucket,
    repository: new aws.ecr.Repository("repository").name,
    role: new aws.iam.Role("role", { assumeRolePolicy: "{}" }).arn,
    logGroup: new aws.cloudwatch.LogGroup("logs").name,
    environment: { TOKEN: new aws.ssm.Parameter("token", { type: "String" }).value },
  }),
  "all other arguments": () => ({
    ...model,
    modelServer: {
      ...{ logVerbose: false, logInfo: true, logWarning: true, logError: true, shmDefaultByteSize: 1048576 },
      ...{ shmGrowthByteSize: 1048576, threadCount: 16, bufferManagerThreadCount: 1, allowGrpc: true, grpcPort: 8001 },
      ...{ allowMetrics: true, metricsPort: 8002, inferenceType: "infer", overridePingMode: "ready" },
      loadModels: ["penguins_classifier"],
    },
    environment: { MODE: "fast" },
    ...{ containerStartupHealthCheckTimeoutInSeconds: 600, modelDataDownloadTimeoutInSeconds: 600 },
    ...{ volumeSizeInGb: 30, initialInstanceCount: 4, routingStrategy: "RANDOM", instanceType: "ml.m5.xlarge" },
    capacityReservation: {
      mlReservationArn: "arn:aws:sagemaker:us-east-1:123456789012:training-plan/one",
      capacityReservationPreference: "capacity-reservations-only",
    },
    ...{ imageTag: "26.05-py3", imageArchitecture: "amd64", immutableTags: true, networkIsolation: true },
    ...{ bucketName: "penguin-models", repositoryName: "images", keepReleases: true },
    rollout: {
      strategy: "linear",
      linearStepSize: { type: "CAPACITY_PERCENT", value: 25 },
      ...{ waitIntervalInSeconds: 60, terminationWaitInSeconds: 60, maximumExecutionTimeoutInSeconds: 3600 },
      alarms: { invocation5XXErrorsPercent: 1, invocationModelErrorsPercent: 5, modelLatencyInMilliseconds: 1000 },
    },
    autoscaling: {
      ...{ minCapacity: 4, maxCapacity: 8, concurrentRequestsPerModel: 4, scaleInCooldown: 300, scaleOutCooldown: 60 },
    },
    monitoring: {
      retentionInDays: 30,
      emailAddresses: ["on-call@example.com"],
      alarms: { cpuUtilizationPercent: 90, modelLatencyP99InMilliseconds: 5000, minutesWithoutInvocations: 60 },
    },
    budget: { limitAmount: 100, emailAddresses: ["costs@example.com"] },
    tags: { CostService: "birds", Team: "birds" },
  }),
  "watched releases": async () => ({
    ...model,
    keepReleases: true,
    releaseWatch: await watchReleases("penguins", {}, { ...model, takeOver: ["logGroup"] }),
  }),
};

describe("TritonEndpoint in the unit tests of another program", () => {
  for (const [kind, mocked] of Object.entries(mocks)) {
    it(`survives mocks ${kind}, in every way of serving`, async () => {
      const { endpoints, outputs } = await registered(mocked, (args) => args);
      expect(endpoints).to.equal(Object.keys(ways).length);
      expect(outputs).to.have.length(endpoints);
    }).timeout(60_000);
  }

  it("survives arguments from outputs that mocks leave undefined", async () => {
    const { endpoints } = await registered(mocks["without outputs"]!, (args) => {
      const { value } = new aws.ssm.Parameter("parameter", { type: "String" });
      // The check of the model needs its name.
      return { ...withMissingOutputs(args, () => value), defaultModelName: args.defaultModelName };
    });
    expect(endpoints).to.equal(Object.keys(ways).length);
  }).timeout(60_000);
});

/** Registers an endpoint in every way, and waits for all that it offers; whatever fails on the way is thrown. */
async function registered(mocked: Mocks, adapt: (args: TritonEndpointArgs) => TritonEndpointArgs) {
  let endpoints = 0;
  const newResource: Mocks["newResource"] = (resource) => {
    if (resource.type === "aws:sagemaker/endpoint:Endpoint") endpoints += 1;
    return mocked.newResource(resource);
  };
  await pulumi.runtime.setMocks({ ...mocked, newResource }, "shop", "dev", false);
  pulumi.runtime.setAllConfig({});
  // What fails while resources are registered is nobody's promise, and the outputs that depend on it never resolve.
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  try {
    const failed = new Promise<never>((_, reject) => process.once("unhandledRejection", reject));
    const given = await Promise.all(Object.values(ways).map(async (args) => args()));
    const made = given.map((args, index) => resolved(new TritonEndpoint(`way-${index}`, adapt(args))));
    const outputs = await Promise.race([Promise.all(made), failed]);
    await Promise.race([pulumi.runtime.disconnect(), failed]);
    return { endpoints, outputs };
  } finally {
    await pulumi.runtime.disconnect();
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}

/** The outputs of an endpoint and its parts, once all of them are there. */
function resolved({ storage, registry, role, rollout, monitoring, server, ...endpoint }: TritonEndpoint) {
  const { endpointName, endpointArn, endpointConfigName, executionRoleArn, imageUri } = endpoint;
  const { modelName, modelDataUrl, dashboardUrl } = endpoint;
  return new Promise((resolve) => {
    pulumi
      .all([
        ...[endpointName, endpointArn, endpointConfigName, executionRoleArn, imageUri],
        ...[modelName, modelDataUrl, dashboardUrl, storage.bucket.bucket, registry?.upstreamDigest],
        ...[role?.arn, monitoring?.topicArn, ...(rollout?.alarms ?? []).map(({ urn }) => urn), server.endpoint.urn],
      ])
      .apply(resolve);
  });
}
