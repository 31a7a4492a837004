import type { Settings } from "../../endpoint/settings/schema.ts";

/** A fault of an endpoint: settings in addition to a valid model, and the expected problem. */
export interface Fault {
  /** The settings; undefined removes one. */
  readonly set: { readonly [Key in keyof Settings]?: unknown };
  /** The problem's path. */
  readonly path: string;
  /** The problem's code. */
  readonly code: string;
  /** Part of its message. */
  readonly message: RegExp;
}

const serverless = { memorySizeInMb: 2048, maxConcurrency: 5 };
const provisioned = { ...serverless, provisionedConcurrency: 2 };
const utilized = { minCapacity: 1, maxCapacity: 4, provisionedConcurrencyUtilization: 0.7 };
const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05-py3";
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const scaling = { minCapacity: 1, maxCapacity: 3, invocationsPerInstance: 60 };
const metered = { retentionInDays: 30, serverMetrics: {} };
const subnets = ["subnet-01234567"];
const securityGroupIds = ["sg-01234567"];
const modelName = "triton-server-model-0123456";
const two = { a: {}, b: {} };

function value(path: string, set: Fault["set"], message: RegExp): Fault {
  return { set, path, code: "value", message };
}

/** Values that are invalid by themselves. */
const values: readonly Fault[] = [
  value("endpointName", { endpointName: "a_b" }, /^must be 1 to 63 letters and digits, with hyphens between them$/),
  value("modelName", { modelName: "my_model" }, /^must be the name of a Model/),
  value("environment.A", { environment: { A: 1 } }, /^must be a string$/),
  value("bucketName", { bucketName: "My_Models" }, /^must be 3 to 63 lowercase letters/),
  value("imageTag", { imageTag: "latest" }, /^must be <year>\.<month>-py3, for example 26\.05-py3$/),
  value("imageDigest", { imageDigest: "sha256:123" }, /^must be sha256: and 64 hexadecimal digits$/),
  value("upstreamImage", { upstreamImage: "Nvidia Triton" }, /^must be an image reference/),
  value("imageUri", { imageUri: "nvcr.io/nvidia/tritonserver:24.10-py3" }, /^must be <account>\.dkr\.ecr/),
  value("repositoryName", { repositoryName: "Triton_" }, /^must be 2 to 256 lowercase letters and digits/),
  value("initialInstanceCount", { initialInstanceCount: 0 }, /^must be a whole number from 1 to 10000$/),
  value("initialVariantWeight", { initialVariantWeight: -1 }, /^must be a number, 0 or more$/),
  value("volumeSizeInGb", { volumeSizeInGb: 513 }, /^must be a whole number from 1 to 512$/),
  value("inferenceAmiVersion", { inferenceAmiVersion: "latest" }, /^must be a host image for GPUs/),
  value("kmsKeyArn", { kmsKeyArn: "alias/models" }, /^must be a key's ARN/),
  value("protect", { protect: "maybe" }, /^must be true or false$/),
  value("vpcConfig.subnets", { vpcConfig: { subnets: [], securityGroupIds } }, /^must be a list of 1 to 16 ids/),
  value("vpcConfig.subnets[0]", { vpcConfig: { subnets: ["x"], securityGroupIds } }, /^must be an id such as subnet-/),
  value(
    "rollout.strategy",
    { rollout: { strategy: "blueGreen" }, keepReleases: true },
    /^must be allAtOnce, canary, linear or rolling$/,
  ),
  value(
    "rollout.maximumExecutionTimeoutInSeconds",
    { rollout: { strategy: "allAtOnce", maximumExecutionTimeoutInSeconds: 20_000 }, keepReleases: true },
    /^must be a whole number from 600 to 14400, the limit of Pulumi's AWS provider; SageMaker itself allows 28800$/,
  ),
  value(
    "rollout.waitIntervalInSeconds",
    { rollout: { strategy: "allAtOnce", waitIntervalInSeconds: -1 }, keepReleases: true },
    /^must be a whole number from 0 to 3600$/,
  ),
  value("monitoring.retentionInDays", { monitoring: { retentionInDays: 2 } }, /^must be one of 1, 3, 5, 7/),
  value(
    "monitoring.topicArn",
    { monitoring: { retentionInDays: 30, topicArn: "alarms" } },
    /^must be the ARN of a standard SNS topic/,
  ),
  value(
    "dataCapture.initialSamplingPercentage",
    { dataCapture: { initialSamplingPercentage: 500 } },
    /^must be a whole number from 0 to 100$/,
  ),
  value(
    "budget.emailAddresses[0]",
    { budget: { limitAmount: 1, emailAddresses: ["costs"] } },
    /^must be an e-mail address$/,
  ),
  value(
    "asyncInference.expirationInDays",
    { asyncInference: { expirationInDays: 0 } },
    /^must be a whole number from 1 to 3650$/,
  ),
  value(
    "asyncInference.successTopic",
    { asyncInference: { successTopic: "answers" } },
    /^must be the ARN of a standard SNS topic/,
  ),
  value(
    "serverless.memorySizeInMb",
    { serverless: { ...serverless, memorySizeInMb: 1000 } },
    /^must be 1024, 2048, 3072, 4096, 5120 or 6144$/,
  ),
  value("shadow.samplingPercentage", { shadow: { samplingPercentage: 500 } }, /^must be a number from 0 to 100$/),
  value(
    "autoscaling.scheduledActions[0].schedule",
    {
      autoscaling: {
        ...scaling,
        scheduledActions: [{ scheduledActionName: "a", schedule: "daily", scalableTargetAction: { minCapacity: 1 } }],
      },
    },
    /^must be cron\(<six fields>\), at\(<date>T<time>\) or rate\(<n> <unit>\)/,
  ),
  value(
    "autoscaling.scheduledActions[0].timezone",
    {
      autoscaling: {
        ...scaling,
        scheduledActions: [
          {
            scheduledActionName: "a",
            schedule: "rate(1 day)",
            timezone: "Bonn",
            scalableTargetAction: { minCapacity: 1 },
          },
        ],
      },
    },
    /^must be an IANA time zone/,
  ),
  value(
    "variants.next.volumeSizeInGb",
    { variants: { next: { volumeSizeInGb: 0 }, now: {} } },
    /^must be a whole number from 1 to 512$/,
  ),
  {
    set: { autoscaling: { minCapacity: 1, invocationsPerInstance: 1 } },
    path: "autoscaling.maxCapacity",
    code: "missing",
    message: /^must be set: it must be a whole number from 0 to 10000$/,
  },
  {
    set: { vpcConfig: { subnet: subnets, subnets, securityGroupIds } },
    path: "vpcConfig.subnet",
    code: "unknown-key",
    message: /^is unknown: did you mean subnets\?$/,
  },
  {
    set: { variants: { ...two, a: { managedInstanceScaling: { minInstanceCount: 1 } } } },
    path: "variants.a.managedInstanceScaling",
    code: "unknown-key",
    message: /^can't be used: SageMaker allows it for endpoints of inference components only, .*Use autoscaling$/,
  },
  ...(
    [
      [
        "inferenceComponents",
        [{ name: "a" }],
        /^isn't supported by this program, because @pulumi\/aws has no such resource\. .*use multiModel/,
      ],
      ["instancePools", [{ instanceType: "ml.g5.xlarge" }], /^isn't supported by this program, .*use several variants/],
      [
        "metricsConfig",
        { enableEnhancedMetrics: true },
        /^isn't supported by this program, because @pulumi\/aws has no/,
      ],
      ["retainAllVariantProperties", true, /^isn't needed: an update keeps the instance counts/],
      ["acceleratorType", "ml.eia2.medium", /Elastic Inference has ended\. Choose an instanceType with a GPU$/],
      ["containers", [], /^isn't supported by this program: an inference pipeline .*Use an ensemble/],
      ["concurrentRequestsPerModel", 4, /^is unknown here: it belongs under autoscaling$/],
      ["explainerConfig", { clarifyExplainerConfig: {} }, /^isn't supported by this program, .*in a Python model/],
    ] as const
  ).map(([key, given, message]): Fault => ({ set: { [key]: given }, path: key, code: "unknown-key", message })),
  {
    set: { autoscaling: { ...scaling, predefinedMetricType: "SageMakerVariantInvocationsPerInstance" } },
    path: "autoscaling.predefinedMetricType",
    code: "unknown-key",
    message: /^isn't a setting: the metric follows from invocationsPerInstance, concurrentRequestsPerModel/,
  },
];

/** Values that are valid by themselves but not together. */
const combinations: readonly Fault[] = [
  {
    set: { modelRepository: undefined },
    path: "modelRepository",
    code: "model-missing",
    message: /^must be set, because there is no other model/,
  },
  {
    set: { imageUri: image, upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" },
    path: "upstreamImage",
    code: "image-exists",
    message: /^can't be combined with imageUri, which names an image that already exists: remove one$/,
  },
  {
    set: { imageUri: image, imageDigest: digest("0") },
    path: "imageDigest",
    code: "image-exists",
    message: /^can't be combined with imageUri/,
  },
  {
    set: { upstreamImage: `triton@${digest("0")}`, imageDigest: digest("1") },
    path: "imageDigest",
    code: "image-digests-differ",
    message: /^must be the same as the digest in upstreamImage/,
  },
  {
    set: { environment: { "1A": "secret" } },
    path: 'environment["1A"]',
    code: "environment-name",
    message: /^must have a name of at most 1024 letters/,
  },
  {
    set: { environment: { A: "x".repeat(1025) } },
    path: "environment.A",
    code: "environment-value",
    message: /^must have at most 1024 characters, but has 1025$/,
  },
  {
    set: { environment: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`A${index}`, "x"])) },
    path: "environment",
    code: "environment-count",
    message: /^must have at most 100 entries, but has 101$/,
  },
  { set: { tags: { "aws:x": "y" } }, path: 'tags["aws:x"]', code: "tag-key", message: /that doesn't start with aws:$/ },
  {
    set: { tags: { team: "a#b" } },
    path: "tags.team",
    code: "tag-value",
    message: /^must have a value of at most 256 letters/,
  },
  { set: { instanceType: "ml.c7g.large" }, path: "instanceType", code: "instance-type", message: /amd64/ },
  { set: { instanceType: "ml.g5.3xlarge" }, path: "instanceType", code: "instance-type", message: /xlarge/ },
  {
    set: { modelName },
    path: "modelName",
    code: "model-name-not-kept",
    message: /^needs keepReleases, .*: set keepReleases and update, then set modelName$/,
  },
  {
    set: { variants: { a: { modelName }, b: {} } },
    path: "variants.a.modelName",
    code: "model-name-not-kept",
    message: /^needs keepReleases/,
  },
  {
    set: { shadow: { samplingPercentage: 1, modelName } },
    path: "shadow.modelName",
    code: "model-name-not-kept",
    message: /^needs keepReleases/,
  },
  {
    set: { rollout: { strategy: "allAtOnce" } },
    path: "rollout",
    code: "rollout-keep-releases",
    message: /^needs keepReleases/,
  },
  {
    set: { rollout: { strategy: "rolling" }, keepReleases: true },
    path: "rollout.strategy",
    code: "rollout-one-instance",
    message: /^must be allAtOnce, because the other strategies need two instances/,
  },
  {
    set: { rollout: { strategy: "canary" }, keepReleases: true, initialInstanceCount: 2 },
    path: "rollout.canarySize",
    code: "rollout-size-missing",
    message: /^must be set, because the strategy canary needs it$/,
  },
  {
    set: {
      rollout: { strategy: "canary", canarySize: { type: "CAPACITY_PERCENT", value: 80 } },
      keepReleases: true,
      initialInstanceCount: 4,
    },
    path: "rollout.canarySize.value",
    code: "rollout-size",
    message: /^must be 1 to 50 percent$/,
  },
  {
    set: { rollout: { strategy: "rolling", terminationWaitInSeconds: 1 }, keepReleases: true, initialInstanceCount: 4 },
    path: "rollout.terminationWaitInSeconds",
    code: "rollout-termination-wait",
    message: /keeps no old instances/,
  },
  {
    set: {
      variants: Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, {}])),
      rollout: { strategy: "allAtOnce" },
      keepReleases: true,
    },
    path: "rollout",
    code: "rollout-variants",
    message: /^can't be used with more than 5 variants/,
  },
  {
    set: { variants: two, rollout: { strategy: "rolling" }, keepReleases: true, initialInstanceCount: 2 },
    path: "rollout.strategy",
    code: "variants-exclude-rolling",
    message: /^must be allAtOnce, canary or linear/,
  },
  {
    set: { autoscaling: { ...scaling, minCapacity: 2 }, initialInstanceCount: 1 },
    path: "autoscaling",
    code: "autoscaling-first-count",
    message: /^starts with its minCapacity of 2, but initialInstanceCount is 1/,
  },
  {
    set: { autoscaling: scaling, instanceType: "ml.t2.medium" },
    path: "autoscaling",
    code: "autoscaling-burstable",
    message: /^can't be used with ml\.t2\.medium, because SageMaker doesn't scale burstable types/,
  },
  {
    set: { autoscaling: { minCapacity: 1, maxCapacity: 2 } },
    path: "autoscaling.invocationsPerInstance",
    code: "autoscaling-target-missing",
    message:
      /^must be set, or concurrentRequestsPerModel, because the instance count follows it without asyncInference$/,
  },
  {
    set: { autoscaling: { ...scaling, concurrentRequestsPerModel: 4 } },
    path: "autoscaling.concurrentRequestsPerModel",
    code: "autoscaling-target",
    message: /^can't be used with invocationsPerInstance, because one metric decides: remove one of the two$/,
  },
  {
    set: { autoscaling: { ...scaling, queueTimeInMicroseconds: 2000 } },
    path: "autoscaling.queueTimeInMicroseconds",
    code: "autoscaling-server-metrics",
    message: /^needs monitoring\.serverMetrics, which reports it: set it$/,
  },
  {
    set: {
      ...{ defaultModelName: "m", imageTag: "23.08-py3", monitoring: metered },
      autoscaling: { ...scaling, pendingRequests: 2 },
    },
    path: "autoscaling.pendingRequests",
    code: "autoscaling-pending-release",
    message:
      /^needs an image of 23\.09 or newer, because Triton 23\.08 doesn't report it: use queueTimeInMicroseconds$/,
  },
  {
    set: { monitoring: metered },
    path: "defaultModelName",
    code: "server-metrics-default-model",
    message: /^must be set with monitoring\.serverMetrics, because its model is a second one beside yours/,
  },
  {
    set: { monitoring: metered, defaultModelName: "m", imageTag: "23.06-py3" },
    path: "imageTag",
    code: "server-metrics-release",
    message: /^must be of 23\.07 or newer with monitoring\.serverMetrics/,
  },
  {
    set: { monitoring: metered, defaultModelName: "m", modelServer: { allowMetrics: false } },
    path: "modelServer.allowMetrics",
    code: "server-metrics-off",
    message: /^turns Triton's metrics off, but monitoring\.serverMetrics reads them: remove one$/,
  },
  {
    set: {
      ...{ monitoring: metered, defaultModelName: "m" },
      environment: { SAGEMAKER_TRITON_ADDITIONAL_ARGS: `--load-model=${"n".repeat(1000)}` },
    },
    path: "monitoring.serverMetrics",
    code: "server-metrics-length",
    message: /and SAGEMAKER_TRITON_ADDITIONAL_ARGS then has 1051 characters, of which SageMaker allows 1024/,
  },
  {
    set: {
      ...{ monitoring: metered, defaultModelName: "m", modelRepository: undefined },
      modelDataUrl: "s3://models/model.tar.gz",
    },
    path: "modelDataUrl",
    code: "server-metrics-packed",
    message: /^can't be used with monitoring\.serverMetrics, which adds a model to a repository while it is packed/,
  },
  {
    set: { monitoring: metered, modelRepository: undefined, multiModel: { modelRepositories: "." } },
    path: "monitoring.serverMetrics",
    code: "server-metrics-multi-model",
    message: /^can't be used with multiModel, because the start of many models loads none/,
  },
  {
    set: { autoscaling: { ...scaling, provisionedConcurrencyUtilization: 0.7 } },
    path: "autoscaling.provisionedConcurrencyUtilization",
    code: "autoscaling-target",
    message:
      /because nothing is provisioned without serverless: use invocationsPerInstance or concurrentRequestsPerModel$/,
  },
  {
    set: { serverless, imageUri: image, autoscaling: { ...utilized } },
    path: "autoscaling",
    code: "autoscaling-on-demand",
    message: /^can't be used with serverless unless serverless\.provisionedConcurrency is set/,
  },
  {
    set: { serverless: provisioned, imageUri: image, autoscaling: { ...utilized, maxCapacity: 6 } },
    path: "autoscaling.maxCapacity",
    code: "autoscaling-concurrency",
    message: /^must be at most serverless\.maxConcurrency, which is 5$/,
  },
  {
    set: { serverless: provisioned, imageUri: image, autoscaling: { ...utilized, minCapacity: 3 } },
    path: "autoscaling",
    code: "autoscaling-first-count",
    message: /^must include serverless\.provisionedConcurrency, with which a release starts: it is 2, not 3 to 4$/,
  },
  {
    set: { serverless: provisioned, imageUri: image, autoscaling: { minCapacity: 1, maxCapacity: 4 } },
    path: "autoscaling.provisionedConcurrencyUtilization",
    code: "autoscaling-target-missing",
    message: /^must be set, because the provisioned concurrency follows it with serverless$/,
  },
  {
    set: { serverless: provisioned, imageUri: image, autoscaling: { ...utilized, invocationsPerInstance: 60 } },
    path: "autoscaling.invocationsPerInstance",
    code: "autoscaling-target",
    message: /because there are no instances with serverless: use provisionedConcurrencyUtilization$/,
  },
  {
    set: { serverless: provisioned, imageUri: image, autoscaling: { ...utilized, minCapacity: 0 } },
    path: "autoscaling.minCapacity",
    code: "autoscaling-capacity-zero",
    message: /^must be 1 or more/,
  },
  {
    set: { autoscaling: { ...scaling, backlogSizePerInstance: 5 } },
    path: "autoscaling.backlogSizePerInstance",
    code: "autoscaling-target",
    message:
      /^can't be used, because nothing is queued without asyncInference: use invocationsPerInstance or concurrentRequestsPerModel$/,
  },
  {
    set: { autoscaling: { ...scaling, minCapacity: 0 } },
    path: "autoscaling.minCapacity",
    code: "autoscaling-capacity-zero",
    message: /^must be 1 or more: SageMaker allows 0 only with asyncInference$/,
  },
  {
    set: { autoscaling: { ...scaling, minCapacity: 4 } },
    path: "autoscaling.minCapacity",
    code: "autoscaling-capacity-order",
    message: /^must be at most maxCapacity, which is 3$/,
  },
  {
    set: {
      monitoring: {
        retentionInDays: 30,
        topicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
        emailAddresses: ["on-call@example.com"],
      },
    },
    path: "monitoring.emailAddresses",
    code: "monitoring-addresses",
    message: /^can't be combined with topicArn/,
  },
  {
    set: { dataCapture: { initialSamplingPercentage: 5, input: false, output: false } },
    path: "dataCapture",
    code: "data-capture-nothing",
    message: /^must capture something/,
  },
  {
    set: { budget: { limitAmount: 100 } },
    path: "budget",
    code: "budget-nobody-told",
    message: /^must notify somebody/,
  },
  {
    set: {
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
      createKmsKey: true,
    },
    path: "kmsKeyArn",
    code: "key-exists",
    message: /^can't be combined with createKmsKey/,
  },
  {
    set: { vpcConfig: { subnets } },
    path: "vpcConfig",
    code: "vpc-security-group",
    message: /^must have either securityGroupIds, to use existing groups, or vpcId/,
  },
  {
    set: { vpcConfig: { subnets, securityGroupIds, vpcId: "vpc-01234567" } },
    path: "vpcConfig",
    code: "vpc-security-group",
    message: /^must have either/,
  },
  {
    set: { vpcConfig: { subnets, securityGroupIds, routeTableIds: ["rtb-01234567"] } },
    path: "vpcConfig.routeTableIds",
    code: "vpc-route-tables",
    message: /^needs vpcId/,
  },
  {
    set: { upstreamImage: "nvcr.io/nvidia/tritonserver:latest" },
    path: "upstreamImage",
    code: "upstream-tag",
    message: /^must have a tag of NVIDIA's/,
  },
  { set: { instanceType: "ml.p3.2xlarge" }, path: "imageTag", code: "release-gpu", message: /7\.5/ },
  {
    set: { instanceType: "ml.g5.xlarge", volumeSizeInGb: 100 },
    path: "volumeSizeInGb",
    code: "volume-instance-storage",
    message: /^can't be used with ml\.g5\.xlarge/,
  },
  {
    set: { inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1" },
    path: "inferenceAmiVersion",
    code: "host-image",
    message: /has no GPU/,
  },
  {
    set: { instanceType: "ml.g5.xlarge", inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1" },
    path: "inferenceAmiVersion",
    code: "host-image",
    message: /^has NVIDIA driver 550, but CUDA 13 of 26\.05-py3 needs 580 or newer/,
  },
  {
    set: { instanceType: "ml.p6-b200.48xlarge", imageTag: "24.09-py3" },
    path: "imageTag",
    code: "release-gpu",
    message: /use 25\.04-py3 or newer/,
  },
  {
    set: { serverless },
    path: "serverless",
    code: "serverless-image",
    message: /^can't be used with AWS's Triton image, .* at most 10 GB/,
  },
  {
    set: { serverless, upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" },
    path: "serverless",
    code: "serverless-image",
    message: /^can't be used with NVIDIA's Triton image/,
  },
  {
    set: { imageTag: "24.09-py3", environment: { SAGEMAKER_TRITON_INFERENCE_TYPE: "generate" } },
    path: "environment.SAGEMAKER_TRITON_INFERENCE_TYPE",
    code: "variable-release",
    message: /before 25\.03 ignore it: use 25\.04-py3 or newer/,
  },
  {
    set: { imageTag: "24.07-py3" },
    path: "imageTag",
    code: "image-not-published",
    message: /^is not a release that AWS publishes .*: use 24\.05-py3 or 24\.09-py3, or copy NVIDIA's image/,
  },
  {
    set: { imageArchitecture: "arm64", instanceType: "ml.c7g.large", imageUri: undefined },
    path: "imageArchitecture",
    code: "image-architecture",
    message: /^must be amd64, because Triton's image on AWS is amd64 only/,
  },
  {
    set: { imageArchitecture: "arm64", imageUri: image },
    path: "instanceType",
    code: "instance-type",
    message: /^must be an arm64 type, because imageArchitecture is arm64: use a Graviton type/,
  },
  {
    set: { imageUri: image, instanceType: "ml.c7g.large" },
    path: "instanceType",
    code: "instance-type",
    message: /set imageArchitecture to arm64 if your image is built for it/,
  },
  {
    set: { instanceType: "ml.inf2.xlarge" },
    path: "instanceType",
    code: "instance-type",
    message: /doesn't support Neuron chips: .* or your own image/,
  },
  {
    set: { serverless, imageUri: image, instanceType: "ml.m5.large" },
    path: "instanceType",
    code: "serverless-excludes-instance-type",
    message: /^can't be used with serverless: there are no instances/,
  },
  {
    set: { serverless, imageUri: image, vpcConfig: { subnets, securityGroupIds } },
    path: "vpcConfig",
    code: "serverless-excludes-vpc-config",
    message: /^can't be used with serverless/,
  },
  {
    set: { serverless, imageUri: image, rollout: { strategy: "allAtOnce" }, keepReleases: true },
    path: "rollout",
    code: "serverless-excludes-rollout",
    message: /^can't be used with serverless/,
  },
  {
    set: { serverless, imageUri: image, dataCapture: { initialSamplingPercentage: 5 } },
    path: "dataCapture",
    code: "serverless-excludes-data-capture",
    message: /^can't be used with serverless/,
  },
  {
    set: { serverless, imageUri: image, modelDataFormat: "prefix" },
    path: "modelDataFormat",
    code: "serverless-excludes-model-data-format",
    message: /^can't be used with serverless: it takes only an archive$/,
  },
  {
    set: { serverless: { ...serverless, provisionedConcurrency: 6 }, imageUri: image },
    path: "serverless.provisionedConcurrency",
    code: "serverless-provisioned",
    message: /^must be at most maxConcurrency, which is 5$/,
  },
  {
    set: { asyncInference: { expirationInDays: 1 }, shadow: { samplingPercentage: 10 } },
    path: "shadow",
    code: "async-inference-excludes-shadow",
    message: /^can't be used with asyncInference/,
  },
  {
    set: { asyncInference: { expirationInDays: 1 }, variants: two },
    path: "variants",
    code: "async-inference-excludes-variants",
    message: /^can't be used with asyncInference/,
  },
  {
    set: { shadow: { samplingPercentage: 10 }, variants: two },
    path: "variants",
    code: "shadow-excludes-variants",
    message: /only one production variant with a shadow$/,
  },
  {
    set: { shadow: { samplingPercentage: 10 }, initialVariantWeight: 0 },
    path: "shadow",
    code: "shadow-no-traffic",
    message: /initialVariantWeight is 0/,
  },
  {
    set: { variants: { a: { initialVariantWeight: 0 }, b: { initialVariantWeight: 0 } } },
    path: "variants",
    code: "variants-no-traffic",
    message: /^must have at least one initialVariantWeight above 0/,
  },
  {
    set: { variants: { a: { instanceType: "ml.g5.xlarge", volumeSizeInGb: 100 }, b: {} } },
    path: "variants.a.volumeSizeInGb",
    code: "volume-instance-storage",
    message: /^can't be used with ml\.g5\.xlarge/,
  },
  {
    set: { modelRepository: undefined, variants: { a: { modelDataUrl: "s3://models/a.tar.gz" }, b: {} } },
    path: "variants.b.modelRepository",
    code: "model-missing",
    message: /^must be set/,
  },
  {
    set: {
      modelRepository: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
      shadow: { samplingPercentage: 10 },
    },
    path: "shadow",
    code: "multi-model-excludes-shadow",
    message: /^can't be used with multiModel/,
  },
  {
    set: {
      modelRepository: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
      instanceType: "ml.g5.12xlarge",
    },
    path: "instanceType",
    code: "multi-model-instance-type",
    message: /p2, p3, g4dn and g5 with one GPU/,
  },
  {
    set: {
      modelRepository: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
      environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "a" },
    },
    path: "environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME",
    code: "multi-model-variable",
    message: /^can't be used with multiModel/,
  },
  {
    set: {
      modelRepository: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
      variants: { a: {}, b: { modelRepository: "models" } },
    },
    path: "variants.b.modelRepository",
    code: "multi-model-variant",
    message: /^can't be used with multiModel/,
  },
];

/** Existing parts that can't be what they are named as, and what can't be set with them. */
const existingParts: readonly Fault[] = [
  value("bucket", { bucket: "My_Models" }, /^must be 3 to 63 lowercase letters/),
  value("repository", { repository: "Triton_" }, /^must be 2 to 256 lowercase letters and digits/),
  value("role", { role: "arn:aws:iam::123456789012:user/me" }, /^must be a role's name, .*, or its ARN$/),
  value("logGroup", { logGroup: "my logs" }, /^must be a log group's name/),
  ...[
    ["bucket", "team-models", "bucketName", "bucket-name", "penguin-models"] as const,
    ["bucket", "team-models", "accessLogging", "access-logging", true] as const,
    ["repository", "team/images", "repositoryName", "repository-name", "images"] as const,
    ["repository", "team/images", "immutableTags", "immutable-tags", true] as const,
    ["repository", "team/images", "imageUri", "image-uri", image] as const,
  ].map(([part, name, key, kebab, set]): Fault => ({
    set: { [part]: name, [key]: set },
    path: key,
    code: `${part}-excludes-${kebab}`,
    message: new RegExp(`^can't be used with ${part}: `),
  })),
  {
    set: { logGroup: "/aws/sagemaker/Endpoints/birds", endpointName: "penguins" },
    path: "logGroup",
    code: "log-group-name",
    message: /^must be \/aws\/sagemaker\/Endpoints\/penguins, to which SageMaker writes/,
  },
  {
    set: {
      logGroup: "/aws/sagemaker/Endpoints/penguins",
      endpointName: "penguins",
      monitoring: { retentionInDays: 30 },
    },
    path: "monitoring.retentionInDays",
    code: "log-group-excludes-retention-in-days",
    message: /^can't be used with logGroup/,
  },
  {
    set: { monitoring: { alarms: { cpuUtilizationPercent: 50 } } },
    path: "monitoring.retentionInDays",
    code: "missing",
    message: /^must be set: it must be one of 1, 3, 5, 7/,
  },
];

/** What can't be combined with SageMaker's routing, scaling, reservations and debugging. */
const fleet: readonly Fault[] = [
  value("routingStrategy", { routingStrategy: "FASTEST" }, /^must be LEAST_OUTSTANDING_REQUESTS or RANDOM$/),
  value(
    "capacityReservation.mlReservationArn",
    { capacityReservation: { mlReservationArn: "arn:aws:s3:::models" } },
    /^must be the ARN of an ML capacity reservation/,
  ),
  value("enableSsmAccess", { enableSsmAccess: "maybe" }, /^must be true or false$/),
  value("coreDump.expirationInDays", { coreDump: { expirationInDays: 0 } }, /^must be a whole number from 1 to 3650$/),
  ...[
    ["routing-strategy", "routingStrategy", "RANDOM"] as const,
    ["enable-ssm-access", "enableSsmAccess", true] as const,
    ["core-dump", "coreDump", { expirationInDays: 7 }] as const,
  ].map(([kebab, key, set]): Fault => ({
    set: { serverless, imageUri: image, [key]: set },
    path: key,
    code: `serverless-excludes-${kebab}`,
    message: /^can't be used with serverless/,
  })),
];

const argumentsVariable = "SAGEMAKER_TRITON_ADDITIONAL_ARGS";
const additionalArgs = (text: string, message: RegExp, code = "server-option", set: Fault["set"] = {}): Fault => ({
  set: { ...set, environment: { [argumentsVariable]: text } },
  path: `environment.${argumentsVariable}`,
  code,
  message,
});
const variable = (name: string, text: string, code: string, message: RegExp): Fault => ({
  set: { environment: { [name]: text } },
  path: `environment.${name}`,
  code,
  message,
});

/** What the container's start or Triton would end with. */
const server: readonly Fault[] = [
  additionalArgs(
    "--cach-config=local,size=1",
    /^has --cach-config, which Triton 26\.05 doesn't know, .* mean --cache-config/,
  ),
  additionalArgs(
    "--allow-client-shm=true",
    /^has --allow-client-shm, which Triton knows from 26\.04 on, and the image is 25\.09/,
    "server-option",
    { imageTag: "25.09-py3" },
  ),
  additionalArgs("--log-info=yes", /^has --log-info with a value that Triton refuses: it must be true or false$/),
  additionalArgs(
    "--sagemaker-port=9000",
    /^has --sagemaker-port, but .* port 8080: remove it$/,
    "server-option-breaks",
  ),
  additionalArgs("--allow-sagemaker=0", /^has --allow-sagemaker, which turns off/, "server-option-breaks"),
  additionalArgs("--model-control-mode=poll", /^has --model-control-mode, but the start needs/, "server-option-breaks"),
  additionalArgs("--http-restricted-api=health:k=v", /\/ping has no such header/, "server-option-breaks"),
  additionalArgs("--load-model=*", /^has --load-model, but Triton takes \* only alone/, "server-option-breaks"),
  additionalArgs("--allow-vertex-ai=true", /Vertex AI and SageMaker's requests would both use 8080/, "server-ports"),
  additionalArgs("--allow-http=1 --http-port=8080", /HTTP and SageMaker's requests would both use/, "server-ports"),
  additionalArgs(
    "--response-cache-byte-size=1 --cache-config=local,size=1",
    /^has --response-cache-byte-size, which Triton refuses beside --cache-config/,
    "server-option-breaks",
  ),
  additionalArgs("--help", /^has --help, which prints/, "server-option-breaks"),
  additionalArgs("--model-control-mode=poll", /^has --model-control-mode/, "server-option-breaks", {
    modelRepository: undefined,
    multiModel: { modelRepositories: "examples/multi-model" },
  }),
  variable(
    "SAGEMAKER_TRITON_LOG_VERBOSE",
    "yes",
    "environment-value-refused",
    /^must be a whole number, true or false, /,
  ),
  variable(
    "SAGEMAKER_TRITON_THREAD_COUNT",
    "many",
    "environment-value-refused",
    /^must be a whole number, because the/,
  ),
  variable("SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE", "MB", "environment-value-refused", /^must be a whole number, /),
  variable("SAGEMAKER_TRITON_MODEL_LOAD_GPU_LIMIT", "half", "environment-value-refused", /^must be a number, /),
  variable("SAGEMAKER_TRITON_INFERENCE_TYPE", "stream", "environment-value-refused", /^must be infer, generate or /),
  variable("SAGEMAKER_MULTI_MODEL", "true", "environment-reserved", /^can't be set, because SageMaker sets it itself/),
  variable("SAGEMAKER_BIND_TO_PORT", "9000", "environment-reserved", /^can't be set, because SageMaker sets it itself/),
  {
    set: { environment: { SAGEMAKER_TRITON_ALLOW_GRPC: "true", SAGEMAKER_TRITON_GRPC_PORT: "8080" } },
    path: "environment.SAGEMAKER_TRITON_GRPC_PORT",
    code: "server-ports",
    message: /gRPC and SageMaker's requests would both use 8080/,
  },
  variable("SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE", "65536", "shm-default", /^must be 1048576 or more/),
];

const action = (scalableTargetAction: object) => ({
  scheduledActionName: "a",
  schedule: "rate(1 day)",
  scalableTargetAction,
});

/** What AWS would refuse later, or never do. */
const later: readonly Fault[] = [
  {
    set: { autoscaling: { ...scaling, scheduledActions: [action({ minCapacity: 5 })] } },
    path: "autoscaling.scheduledActions[0].scalableTargetAction.minCapacity",
    code: "autoscaling-action-limit",
    message: /^must be at most 3, the greatest maxCapacity that is ever set: set maxCapacity here, too$/,
  },
  {
    set: { autoscaling: { ...scaling, minCapacity: 2, scheduledActions: [action({ maxCapacity: 1 })] } },
    path: "autoscaling.scheduledActions[0].scalableTargetAction.maxCapacity",
    code: "autoscaling-action-limit",
    message: /^must be at least 2, the least minCapacity that is ever set/,
  },
  {
    set: { rollout: { strategy: "allAtOnce" }, keepReleases: true, instanceType: "ml.inf1.xlarge", imageUri: image },
    path: "rollout",
    code: "rollout-inferentia",
    message: /^can't be used with ml\.inf1\.xlarge, because SageMaker shifts all traffic/,
  },
  {
    set: {
      modelRepository: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
      imageTag: "22.04-py3",
    },
    path: "imageTag",
    code: "multi-model-release",
    message: /^must be 22\.05-py3 or newer with multiModel, because the start of 22\.04/,
  },
];

/** Faults that both a stack's settings and TritonEndpoint's arguments must report in the same way. */
export const faults: readonly Fault[] = [
  ...values,
  ...combinations,
  ...existingParts,
  ...fleet,
  ...existingParts,
  ...server,
  ...later,
];
