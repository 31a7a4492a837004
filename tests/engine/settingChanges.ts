import { elsewhere } from "./readability.ts";
import { existing } from "./existingParts.ts";
import { changeModel } from "./stacks.ts";
import type { EngineStack } from "./engineStack.ts";
import type { Config } from "./workspace.ts";

/** How a setting is tried on a stack that serves. */
export interface SettingChange {
  /** What it is set to first. A stack that has it set already is tried with a change first. */
  readonly set: unknown;
  /** What it is changed to then. Default: it is not, as of a switch. */
  readonly change?: unknown;
  /** Settings that it needs, made before. Default: none. */
  readonly needs?: Config;
  /** Settings that make room for it as it is set, and come back as it is taken out. Default: none. */
  readonly instead?: Config;
  /** What takes its place as it is taken out, where a stack can't be without. Default: nothing. */
  readonly without?: Config;
  /** What its callers notice, where that is more than new answers. Default: nothing. */
  readonly notice?: string;
  /** What changes beside the configuration as it is changed. Default: nothing. */
  readonly changeFiles?: (stack: EngineStack) => void;
}

const key = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef";
const otherKey = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcde0";
const image = "999999999999.dkr.ecr.us-east-1.amazonaws.com/triton";
const reservation = (id: string) => `arn:aws:sagemaker:us-east-1:123456789012:training-plan/${id}`;
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const ownSource: Config = { modelRepository: undefined };
const instances = ["instanceType", "initialInstanceCount", "rollout", "autoscaling", "dataCapture", "networkIsolation"];

/** No instances, and nothing that only instances have. */
export const noInstances: Config = {
  imageUri: `${image}:small`,
  ...Object.fromEntries(instances.map((name) => [name, undefined])),
};

/** Every setting, and how it is tried. */
export const settingChanges: Readonly<Record<string, SettingChange>> = {
  endpointName: {
    set: "another",
    change: "a-third",
    notice:
      "the endpoint has another name, and callers of the old one get errors, which is why it must be allowed explicitly",
  },
  replaceEndpoint: {
    set: (stack: EngineStack) => `sagemaker-triton-${stack.name}`,
  },
  modelRepository: {
    set: "models",
    change: "models",
    changeFiles: (stack) => {
      changeModel(stack, "changed");
    },
    without: { modelArchive: "model.tar.gz" },
  },
  modelArchive: { set: "model.tar.gz", change: "other.tar.gz", instead: ownSource },
  modelDataUrl: {
    set: `s3://${elsewhere}-models/model.tar.gz`,
    change: `s3://${elsewhere}-models/other.tar.gz`,
    instead: ownSource,
  },
  multiModel: {
    set: { modelRepositories: "many" },
    change: { modelRepositories: "many-more" },
    instead: { ...ownSource, defaultModelName: undefined },
    notice: "requests name their model (`TargetModel`); a changed model has a new name in the output `targetModels`",
  },
  modelName: {
    set: (stack: EngineStack) => stack.cloud.all("aws:sagemaker/model:Model")[0]?.id,
    needs: { keepReleases: true },
  },
  modelDataFormat: { set: "prefix", change: "archive" },
  defaultModelName: { set: "penguins", change: "penguins_classifier" },
  modelServer: { set: { threadCount: 16 }, change: { threadCount: 32 } },
  environment: { set: { MODE: "one" }, change: { MODE: "two" } },
  bucketName: { set: "my-models", change: "my-other-models" },
  accessLogging: { set: true },
  bucket: { set: existing.buckets[0], change: existing.buckets[1], instead: { accessLogging: undefined } },
  repository: {
    set: existing.repositories[0],
    change: existing.repositories[1],
    instead: { immutableTags: undefined },
  },
  role: { set: existing.roles[0], change: existing.roles[1] },
  logGroup: {
    set: (stack: EngineStack) => `/aws/sagemaker/Endpoints/sagemaker-triton-${stack.name}`,
    instead: { monitoring: undefined },
  },
  imageTag: { set: "25.09-py3", change: "25.04-py3" },
  imageDigest: { set: digest("a"), change: digest("b") },
  upstreamImage: {
    set: "nvcr.io/nvidia/tritonserver:24.10-py3",
    change: "nvcr.io/nvidia/tritonserver:24.09-py3",
  },
  imageArchitecture: { set: "amd64", needs: { upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" } },
  imageUri: { set: `${image}:25.09`, change: `${image}:26.05` },
  repositoryName: { set: "my-images", change: "my-other-images" },
  immutableTags: { set: true },
  instanceType: { set: "ml.m5.xlarge", change: "ml.m5.2xlarge" },
  initialInstanceCount: { set: 3, change: 4, instead: { autoscaling: undefined } },
  initialVariantWeight: { set: 2, change: 3 },
  containerStartupHealthCheckTimeoutInSeconds: { set: 600, change: 900 },
  modelDataDownloadTimeoutInSeconds: { set: 600, change: 900 },
  volumeSizeInGb: { set: 30, change: 60 },
  routingStrategy: { set: "LEAST_OUTSTANDING_REQUESTS", change: "RANDOM" },
  capacityReservation: {
    set: { mlReservationArn: reservation("one") },
    change: { mlReservationArn: reservation("two"), capacityReservationPreference: "capacity-reservations-only" },
  },
  enableSsmAccess: { set: true },
  coreDump: { set: { expirationInDays: 7 }, change: { expirationInDays: 14 } },
  inferenceAmiVersion: {
    set: "al2023-ami-sagemaker-inference-gpu-4-1",
    change: "al2-ami-sagemaker-inference-gpu-3-1",
    needs: { instanceType: "ml.g5.xlarge", imageTag: "25.04-py3" },
  },
  variants: {
    set: { AllTraffic: { initialVariantWeight: 9 }, Next: { initialVariantWeight: 1 } },
    change: {
      AllTraffic: { initialVariantWeight: 1 },
      Next: { initialVariantWeight: 9, environment: { MODE: "next" } },
    },
  },
  shadow: {
    set: { samplingPercentage: 10 },
    change: { samplingPercentage: 20, environment: { MODE: "shadow" } },
  },
  serverless: {
    set: { memorySizeInMb: 2048, maxConcurrency: 5 },
    change: { memorySizeInMb: 4096, maxConcurrency: 5 },
    instead: noInstances,
    notice: "containers start when requests arrive, and the first requests wait",
  },
  asyncInference: {
    set: { expirationInDays: 30 },
    change: { expirationInDays: 30, maxConcurrentInvocationsPerInstance: 4 },
    notice: "an endpoint that queues requests rejects `InvokeEndpoint`",
  },
  vpcConfig: {
    set: { subnets: ["subnet-0123abcd"], vpcId: "vpc-0123abcd", routeTableIds: ["rtb-0123abcd"] },
    change: { subnets: ["subnet-0123abcd"], securityGroupIds: ["sg-0123abcd"] },
  },
  networkIsolation: { set: true },
  kmsKeyArn: { set: key, change: otherKey },
  createKmsKey: { set: true },
  protect: { set: true },
  keepReleases: { set: true },
  rollout: {
    set: { strategy: "allAtOnce", waitIntervalInSeconds: 60 },
    change: { strategy: "linear", linearStepSize: { type: "CAPACITY_PERCENT", value: 50 }, waitIntervalInSeconds: 60 },
    needs: { keepReleases: true },
  },
  autoscaling: {
    set: { minCapacity: 1, maxCapacity: 4, invocationsPerInstance: 600 },
    change: { minCapacity: 2, maxCapacity: 8, invocationsPerInstance: 300 },
    instead: { initialInstanceCount: undefined },
  },
  monitoring: { set: { retentionInDays: 90 }, change: { retentionInDays: 30 } },
  dataCapture: { set: { initialSamplingPercentage: 10 }, change: { initialSamplingPercentage: 20 } },
  budget: {
    set: { limitAmount: 100, emailAddresses: ["team@example.com"] },
    change: { limitAmount: 200, emailAddresses: ["team@example.com"] },
  },
  costEnv: { set: "staging", change: "canary" },
  costService: { set: "birds", change: "penguins" },
  tags: { set: { Team: "one" }, change: { Team: "two" } },
  takeOver: { set: ["endpoint"], change: ["endpoint", "bucket"] },
};
