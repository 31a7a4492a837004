// A program that gets every argument which may be an Output from a resource. It is compiled against the package's
// declarations, and run under mocks as TypeScript, as an ES module and as CommonJS.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TritonEndpoint, type TritonEndpointArgs } from "sagemaker-triton";
import { PlanMocks, useMocks } from "sagemaker-triton/testing";

function program(): void {
  const parameter = new aws.ssm.Parameter("parameter", { type: "String", value: "1" });
  /** A value that is known once a resource is. */
  function wired<const T>(value: T): pulumi.Output<T> {
    return parameter.value.apply(() => value);
  }

  // As awsx's VPC has them: one Output of all ids.
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = [0, 1].map((index) => new aws.ec2.Subnet(`subnet-${index}`, { vpcId: vpc.id }));
  const privateSubnetIds: pulumi.Output<string[]> = pulumi.all(subnets.map(({ id }) => id));
  const group = new aws.ec2.SecurityGroup("group", { vpcId: vpc.id });
  const routeTable = new aws.ec2.RouteTable("routes", { vpcId: vpc.id });
  const topic = new aws.sns.Topic("topic");
  const key = new aws.kms.Key("key");
  const secret = new aws.secretsmanager.SecretVersion("secret", { secretId: "token", secretString: "s3cr3t" });
  const image = new aws.ecr.Repository("image");
  const object = new aws.s3.BucketObjectv2("object", { bucket: "team", key: "model.tar.gz" });

  const model = { modelRepository: "models", defaultModelName: wired("penguins") };
  const tags = { Team: wired("birds") };
  const percent = { type: wired("CAPACITY_PERCENT"), value: wired(25) };

  const instances: TritonEndpointArgs = {
    ...model,
    tags,
    environment: { TOKEN: secret.secretString.apply((text) => text ?? "") },
    modelServer: {
      logVerbose: wired(false),
      logInfo: wired(true),
      logWarning: wired(true),
      logError: wired(true),
      shmDefaultByteSize: wired(1048576),
      shmGrowthByteSize: wired(1048576),
      threadCount: wired(16),
      bufferManagerThreadCount: wired(1),
      allowGrpc: wired(true),
      grpcPort: wired(8001),
      allowMetrics: wired(true),
      metricsPort: wired(8002),
      modelLoadGpuLimit: wired(0.9),
      inferenceType: wired("infer"),
      overridePingMode: wired("ready"),
      loadModels: wired<string[]>(["penguins_classifier"]),
    },
    initialInstanceCount: wired(4),
    containerStartupHealthCheckTimeoutInSeconds: wired(600),
    modelDataDownloadTimeoutInSeconds: wired(600),
    volumeSizeInGb: wired(30),
    routingStrategy: wired("RANDOM"),
    capacityReservation: {
      mlReservationArn: wired("arn:aws:sagemaker:us-east-1:123456789012:training-plan/one"),
      capacityReservationPreference: wired("capacity-reservations-only"),
    },
    imageTag: wired("26.05-py3"),
    imageDigest: wired(`sha256:${"0".repeat(64)}`),
    repositoryName: wired("images"),
    immutableTags: wired(true),
    bucketName: wired("penguin-models"),
    networkIsolation: wired(true),
    vpcConfig: { subnets: privateSubnetIds, vpcId: vpc.id, routeTableIds: [routeTable.id] },
    kmsKeyArn: key.arn,
    keepReleases: true,
    rollout: {
      strategy: wired("linear"),
      linearStepSize: percent,
      waitIntervalInSeconds: wired(60),
      terminationWaitInSeconds: wired(60),
      maximumExecutionTimeoutInSeconds: wired(3600),
      alarms: {
        invocation5XXErrorsPercent: wired(1),
        invocationModelErrorsPercent: wired(5),
        modelLatencyInMilliseconds: wired(1000),
      },
    },
    autoscaling: {
      minCapacity: 4,
      maxCapacity: wired(8),
      invocationsPerInstance: wired(600),
      scaleInCooldown: wired(300),
      scaleOutCooldown: wired(60),
      scheduledActions: [
        {
          scheduledActionName: "night",
          schedule: wired("cron(0 22 * * ? *)"),
          timezone: wired("Europe/Berlin"),
          scalableTargetAction: { minCapacity: wired(4), maxCapacity: wired(5) },
        },
      ],
    },
    monitoring: {
      retentionInDays: wired(30),
      emailAddresses: [wired("on-call@example.com")],
      alarms: {
        invocation5XXErrorsPercent: wired(1),
        invocation4XXErrorsPercent: wired(5),
        modelLatencyP50InMilliseconds: wired(1000),
        modelLatencyP99InMilliseconds: wired(5000),
        overheadLatencyInMilliseconds: wired(500),
        cpuUtilizationPercent: wired(90),
        memoryUtilizationPercent: wired(90),
        diskUtilizationPercent: wired(75),
        gpuUtilizationPercent: wired(95),
        gpuMemoryUtilizationPercent: wired(95),
        minutesWithoutInvocations: wired(60),
      },
    },
    dataCapture: {
      initialSamplingPercentage: wired(10),
      input: wired(true),
      output: wired(false),
      expirationInDays: wired(7),
    },
    coreDump: { expirationInDays: wired(7) },
    budget: { limitAmount: wired(100), emailAddresses: wired<string[]>(["costs@example.com"]) },
  };
  new TritonEndpoint("instances", { ...instances, tags: { ...tags, CostService: "birds" } });

  const sns = { successTopic: topic.arn, errorTopic: topic.arn };
  new TritonEndpoint("queued", {
    ...model,
    asyncInference: { ...sns, maxConcurrentInvocationsPerInstance: wired(4), expirationInDays: wired(7) },
    autoscaling: { minCapacity: 0, maxCapacity: wired(2), backlogSizePerInstance: wired(5) },
    upstreamImage: wired("nvcr.io/nvidia/tritonserver:24.10-py3"),
    imageArchitecture: wired("amd64"),
    monitoring: { retentionInDays: 30, topicArn: topic.arn },
    vpcConfig: { subnets: subnets.map(({ id }) => id), securityGroupIds: [group.id] },
  });

  new TritonEndpoint("serverless", {
    modelDataUrl: pulumi.interpolate`s3://${object.bucket}/${object.key}`,
    defaultModelName: wired("penguins"),
    imageUri: pulumi.interpolate`${image.repositoryUrl}:1`,
    serverless: { memorySizeInMb: wired(2048), maxConcurrency: wired(5), provisionedConcurrency: wired(1) },
    autoscaling: { minCapacity: 1, maxCapacity: wired(4), provisionedConcurrencyUtilization: wired(0.7) },
  });

  const { server } = new TritonEndpoint("gpu", {
    ...model,
    instanceType: "ml.g5.xlarge",
    keepReleases: true,
    imageTag: wired("25.04-py3"),
    inferenceAmiVersion: wired("al2023-ami-sagemaker-inference-gpu-4-1"),
    environment: wired({ MODE: "fast" }),
    autoscaling: {
      minCapacity: 1,
      maxCapacity: wired(2),
      concurrentRequestsPerModel: wired(4),
      queueTimeInMicroseconds: wired(500),
      pendingRequests: wired(2),
    },
    monitoring: { retentionInDays: wired(7), serverMetrics: {} },
    shadow: { samplingPercentage: wired(10), environment: { MODE: wired("slow") } },
  });
  new TritonEndpoint("earlier", {
    ...model,
    keepReleases: true,
    variants: { a: {}, b: { modelName: server.modelName } },
  });

  const parts: TritonEndpointArgs = {
    modelRepository: "models",
    defaultModelName: "penguins",
    bucket: new aws.s3.Bucket("bucket"),
    repository: new aws.ecr.Repository("repository"),
    role: new aws.iam.Role("role", { assumeRolePolicy: "{}" }),
    logGroup: new aws.cloudwatch.LogGroup("logs"),
  };
  new TritonEndpoint("parts", parts);
  const named = { bucket: wired("team"), repository: wired("team"), role: wired("team") };
  const logGroup = wired("/aws/sagemaker/Endpoints/named");
  new TritonEndpoint("named", { ...parts, ...named, logGroup });
}

async function main(): Promise<void> {
  const mocks = new PlanMocks("us-east-1");
  await useMocks(mocks, "consumer", "dev");
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1" });
  program();
  await pulumi.runtime.disconnect();
  const endpoints = [...mocks.inputs.keys()].filter((name) => name.startsWith("aws:sagemaker/endpoint:"));
  console.log(JSON.stringify(endpoints.map((name) => name.replace(/^.*::|-server-endpoint$/g, "")).sort()));
}

void main();
