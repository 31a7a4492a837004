// Generated from the endpoint's schema by `npm run docs`.
import type * as pulumi from "@pulumi/pulumi";

/** Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one. */
export interface EndpointModelServer {
  /** Whether every request is logged. Default: false. */
  readonly logVerbose?: pulumi.Input<boolean>;
  /** Whether information is logged. Default: true. */
  readonly logInfo?: pulumi.Input<boolean>;
  /** Whether warnings are logged. Default: true. */
  readonly logWarning?: pulumi.Input<boolean>;
  /** Whether errors are logged. Default: true. */
  readonly logError?: pulumi.Input<boolean>;
  /** Shared memory that each Python model instance starts with, in bytes. Default: 16777216 (16 MiB). */
  readonly shmDefaultByteSize?: pulumi.Input<number>;
  /** How much that shared memory grows at a time, in bytes. Default: 1048576 (1 MiB). */
  readonly shmGrowthByteSize?: pulumi.Input<number>;
  /** Threads that accept requests. Default: 8. */
  readonly threadCount?: pulumi.Input<number>;
  /** Threads that copy buffers. Default: 0. */
  readonly bufferManagerThreadCount?: pulumi.Input<number>;
  /** Whether Triton's gRPC endpoint listens inside the container. Default: false. */
  readonly allowGrpc?: pulumi.Input<boolean>;
  /** The gRPC endpoint's port. Default: 8001. */
  readonly grpcPort?: pulumi.Input<number>;
  /** Whether Triton's metrics endpoint listens inside the container. Default: false. */
  readonly allowMetrics?: pulumi.Input<boolean>;
  /** The metrics endpoint's port. Default: 8002. */
  readonly metricsPort?: pulumi.Input<number>;
  /** The share of each GPU's memory above which no more models are loaded. Default: 1. */
  readonly modelLoadGpuLimit?: pulumi.Input<number>;
  /** What /invocations does; needs release 25.03 or newer. Default: infer. */
  readonly inferenceType?: pulumi.Input<"infer" | "generate" | "generate_stream">;
  /** Whether /ping reports that the default model is ready or that the server is live. Default: ready. */
  readonly overridePingMode?: pulumi.Input<"ready" | "live">;
  /** Models to load besides the default model and its ensemble's steps, for example models that a Python model calls. Default: none. */
  readonly loadModels?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** An ML capacity reservation for the instances: mlReservationArn, capacityReservationPreference. Default: none. */
export interface EndpointCapacityReservation {
  /** The ARN of the ML capacity reservation. */
  readonly mlReservationArn: pulumi.Input<string>;
  /** capacity-reservations-only: instances start only in the reservation, and fail to start if it is full. Default: SageMaker decides. */
  readonly capacityReservationPreference?: pulumi.Input<"capacity-reservations-only">;
}

/** The new limits. */
export interface EndpointAutoscalingScheduledActionScalableTargetAction {
  /** The new minimum number of instances. Default: unchanged. */
  readonly minCapacity?: pulumi.Input<number>;
  /** The new maximum number of instances. Default: unchanged. */
  readonly maxCapacity?: pulumi.Input<number>;
}

/** One of a list. */
export interface EndpointAutoscalingScheduledAction {
  /** The action's name, unique among the actions. */
  readonly scheduledActionName: string;
  /** When the action runs: cron(<minutes> <hours> <day of month> <month> <day of week> <year>), at(<date>T<time>) or rate(<n> <unit>). */
  readonly schedule: pulumi.Input<string>;
  /** The IANA time zone that cron and at use. Default: UTC. */
  readonly timezone?: pulumi.Input<string>;
  /** The new limits. */
  readonly scalableTargetAction: EndpointAutoscalingScheduledActionScalableTargetAction;
}

/** How the instance count follows the load: minCapacity, maxCapacity, invocationsPerInstance, cooldowns, scheduledActions. Default: off. */
export interface EndpointAutoscaling {
  /** The minimum number of instances: 1 or more, or 0 with asyncInference. A release starts with this number, but at least one. With serverless: the least provisioned concurrency. */
  readonly minCapacity: number;
  /** The maximum number of instances, 1 or more. With serverless: the greatest provisioned concurrency. */
  readonly maxCapacity: pulumi.Input<number>;
  /** Invocations per minute to average on each instance. An endpoint of instances needs this or concurrentRequestsPerModel. */
  readonly invocationsPerInstance?: pulumi.Input<number>;
  /** Concurrent requests, also waiting ones, to average on each instance's model. CloudWatch gets them every 10 seconds, so instances are added sooner than with invocationsPerInstance. */
  readonly concurrentRequestsPerModel?: pulumi.Input<number>;
  /** Requests that may wait in the queue for each instance; required with asyncInference. */
  readonly backlogSizePerInstance?: pulumi.Input<number>;
  /** The share of the provisioned concurrency to use on average, up to 1; required with serverless. */
  readonly provisionedConcurrencyUtilization?: pulumi.Input<number>;
  /** Microseconds that requests may wait in Triton on average, in addition to the target above: the one that needs the most instances counts. Needs monitoring.serverMetrics. */
  readonly queueTimeInMicroseconds?: pulumi.Input<number>;
  /** Requests that may wait in Triton on each instance on average, in addition to the target above. Needs monitoring.serverMetrics and release 23.09 or newer. */
  readonly pendingRequests?: pulumi.Input<number>;
  /** Seconds to wait after removing instances before removing more. Default: 300, from AWS. */
  readonly scaleInCooldown?: pulumi.Input<number>;
  /** Seconds to wait after adding instances before adding more. Default: 300, from AWS. */
  readonly scaleOutCooldown?: pulumi.Input<number>;
  /** Changes of the limits at set times. Default: none. */
  readonly scheduledActions?: readonly EndpointAutoscalingScheduledAction[];
}

/** Many models behind one endpoint: modelRepositories (a folder of model repositories) and modelCacheSetting. */
export interface EndpointMultiModel {
  /** A folder that holds one model repository for each model, as a folder or a .tar.gz. */
  readonly modelRepositories: string;
  /** Whether an instance keeps models loaded after a request. Default: Enabled, from SageMaker. */
  readonly modelCacheSetting?: "Enabled" | "Disabled";
}

/** Queues requests and writes the responses to the bucket: maxConcurrentInvocationsPerInstance, successTopic, errorTopic, expirationInDays. Default: requests are answered directly. */
export interface EndpointAsyncInference {
  /** How many requests each instance gets at a time. Default: SageMaker decides. */
  readonly maxConcurrentInvocationsPerInstance?: pulumi.Input<number>;
  /** The ARN of an SNS topic to notify of each response. Default: none. */
  readonly successTopic?: pulumi.Input<string>;
  /** The ARN of an SNS topic to notify of each failure. Default: none. */
  readonly errorTopic?: pulumi.Input<string>;
  /** How long requests and responses stay in the bucket, in days. Default: `30`. */
  readonly expirationInDays?: pulumi.Input<number>;
}

/** {@link EndpointAsyncInference} with all defaults. */
export type ResolvedAsyncInference = EndpointAsyncInference &
  Required<Pick<EndpointAsyncInference, "expirationInDays">>;

/** The VPC: subnets, and either securityGroupIds or a vpcId to create a security group in. Default: no VPC. */
export interface EndpointVpcConfig {
  /** Ids of 1 to 16 subnets. */
  readonly subnets: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Ids of 1 to 5 security groups. Default: one is created that allows only HTTPS to S3. */
  readonly securityGroupIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The VPC's id; required to create a security group. */
  readonly vpcId?: pulumi.Input<string>;
  /** Ids of route tables that get a gateway endpoint to S3; only with vpcId. Default: none. */
  readonly routeTableIds?: readonly pulumi.Input<string>[];
}

/** The size of the canary, at most half of the instances; required with canary. */
export interface EndpointRolloutCanarySize {
  /** Whether value is a number of instances or a percentage of the variant's instances. */
  readonly type: pulumi.Input<"INSTANCE_COUNT" | "CAPACITY_PERCENT">;
  /** The number, 1 or more. */
  readonly value: pulumi.Input<number>;
}

/** The thresholds that roll a release back; one must be exceeded in two consecutive minutes. */
export interface EndpointRolloutAlarms {
  /** Responses with a status of 500 or more, as a percentage of invocations. Default: `1`. */
  readonly invocation5XXErrorsPercent?: pulumi.Input<number>;
  /** Model responses without success, as a percentage of invocations. Default: `5`. */
  readonly invocationModelErrorsPercent?: pulumi.Input<number>;
  /** The model's 99th percentile latency, in milliseconds. Default: `10000`. */
  readonly modelLatencyInMilliseconds?: pulumi.Input<number>;
}

/** {@link EndpointRolloutAlarms} with all defaults. */
export type ResolvedRolloutAlarms = EndpointRolloutAlarms &
  Required<
    Pick<
      EndpointRolloutAlarms,
      "invocation5XXErrorsPercent" | "invocationModelErrorsPercent" | "modelLatencyInMilliseconds"
    >
  >;

/** How the endpoint moves to a new release and what rolls it back: strategy, sizes, waits, alarms. Needs keepReleases. Default: all at once, no alarms. */
export interface EndpointRollout {
  /** How traffic moves. */
  readonly strategy: pulumi.Input<"allAtOnce" | "canary" | "linear" | "rolling">;
  /** The size of the canary, at most half of the instances; required with canary. */
  readonly canarySize?: EndpointRolloutCanarySize;
  /** The size of each linear step, 10 to 50 percent of the instances; required with linear. */
  readonly linearStepSize?: EndpointRolloutCanarySize;
  /** The size of each rolling batch, 5 to 50 percent of the instances. Default: half of them. */
  readonly maximumBatchSize?: EndpointRolloutCanarySize;
  /** The size of each batch when a rolling update is rolled back. Default: all instances at once. */
  readonly rollbackMaximumBatchSize?: EndpointRolloutCanarySize;
  /** How long the alarms are watched after each step, in seconds. Default: `300`. */
  readonly waitIntervalInSeconds?: pulumi.Input<number>;
  /** How long the old instances stay after the last step, in seconds; not with rolling. Default: 0. */
  readonly terminationWaitInSeconds?: pulumi.Input<number>;
  /** How long the whole update may take, in seconds. Default: SageMaker decides. */
  readonly maximumExecutionTimeoutInSeconds?: pulumi.Input<number>;
  /** The thresholds that roll a release back; one must be exceeded in two consecutive minutes. */
  readonly alarms?: EndpointRolloutAlarms;
}

/** {@link EndpointRollout} with all defaults. */
export type ResolvedRollout = EndpointRollout &
  Required<Pick<EndpointRollout, "waitIntervalInSeconds">> & { readonly alarms: ResolvedRolloutAlarms };

/** The thresholds of the alarms. */
export interface EndpointMonitoringAlarms {
  /** Responses with a status of 500 or more, as a percentage of invocations. Default: `1`. */
  readonly invocation5XXErrorsPercent?: pulumi.Input<number>;
  /** Responses with a status from 400 to 499, as a percentage of invocations. Default: `5`. */
  readonly invocation4XXErrorsPercent?: pulumi.Input<number>;
  /** The model's median latency, in milliseconds. Default: `1000`. */
  readonly modelLatencyP50InMilliseconds?: pulumi.Input<number>;
  /** The model's 99th percentile latency, in milliseconds. Default: `5000`. */
  readonly modelLatencyP99InMilliseconds?: pulumi.Input<number>;
  /** The average latency that SageMaker adds, in milliseconds. Default: `500`. */
  readonly overheadLatencyInMilliseconds?: pulumi.Input<number>;
  /** CPU load, as a percentage of the whole instance. Default: `90`. */
  readonly cpuUtilizationPercent?: pulumi.Input<number>;
  /** Percentage of memory in use. Default: `90`. */
  readonly memoryUtilizationPercent?: pulumi.Input<number>;
  /** Percentage of disk in use. Default: `75`. */
  readonly diskUtilizationPercent?: pulumi.Input<number>;
  /** GPU load, as a percentage of all GPUs, if the instance has any. Default: `95`. */
  readonly gpuUtilizationPercent?: pulumi.Input<number>;
  /** Percentage of GPU memory in use, if the instance has GPUs. Default: `95`. */
  readonly gpuMemoryUtilizationPercent?: pulumi.Input<number>;
  /** Minutes without an invocation. Default: `60`. */
  readonly minutesWithoutInvocations?: pulumi.Input<number>;
}

/** {@link EndpointMonitoringAlarms} with all defaults. */
export type ResolvedMonitoringAlarms = EndpointMonitoringAlarms &
  Required<
    Pick<
      EndpointMonitoringAlarms,
      | "invocation5XXErrorsPercent"
      | "invocation4XXErrorsPercent"
      | "modelLatencyP50InMilliseconds"
      | "modelLatencyP99InMilliseconds"
      | "overheadLatencyInMilliseconds"
      | "cpuUtilizationPercent"
      | "memoryUtilizationPercent"
      | "diskUtilizationPercent"
      | "gpuUtilizationPercent"
      | "gpuMemoryUtilizationPercent"
      | "minutesWithoutInvocations"
    >
  >;

/** Reports Triton's own metrics (queue, compute, batches, pending requests, failures) to CloudWatch, by a model that is added to the archive: periodInSeconds and the alarms' thresholds. Each variant has up to 11 custom metrics and each of its models up to 13, at $0.30 a month each. Default: none. */
export interface EndpointMonitoringServerMetrics {
  /** How often they are reported, in seconds; below 60 in CloudWatch's high resolution. Default: `60`. */
  readonly periodInSeconds?: number;
  /** The alarm's threshold: how long requests wait in Triton on average. Default: `1000`. */
  readonly queueTimeInMilliseconds?: number;
  /** The alarm's threshold: the requests that wait on an instance on average. Default: `100`. */
  readonly pendingRequests?: number;
  /** The alarm's threshold: the requests that Triton failed, as a percentage. Default: `1`. */
  readonly failuresPercent?: number;
}

/** {@link EndpointMonitoringServerMetrics} with all defaults. */
export type ResolvedMonitoringServerMetrics = EndpointMonitoringServerMetrics &
  Required<
    Pick<
      EndpointMonitoringServerMetrics,
      "periodInSeconds" | "queueTimeInMilliseconds" | "pendingRequests" | "failuresPercent"
    >
  >;

/** The endpoint's logs, alarms and dashboard: retentionInDays, topicArn or emailAddresses, alarms. Default: none. */
export interface EndpointMonitoring {
  /** How long logs are kept, in days. Default: required, except with logGroup. */
  readonly retentionInDays?: pulumi.Input<number>;
  /** The SNS topic that alarms notify. Default: one is created. */
  readonly topicArn?: pulumi.Input<string>;
  /** Addresses to subscribe to the topic that is created; each must confirm. Default: none. */
  readonly emailAddresses?: readonly pulumi.Input<string>[];
  /** The thresholds of the alarms. */
  readonly alarms?: EndpointMonitoringAlarms;
  /** Reports Triton's own metrics (queue, compute, batches, pending requests, failures) to CloudWatch, by a model that is added to the archive: periodInSeconds and the alarms' thresholds. Each variant has up to 11 custom metrics and each of its models up to 13, at $0.30 a month each. Default: none. */
  readonly serverMetrics?: EndpointMonitoringServerMetrics;
}

/** {@link EndpointMonitoring} with all defaults. */
export type ResolvedMonitoring = EndpointMonitoring & {
  readonly alarms: ResolvedMonitoringAlarms;
  readonly serverMetrics?: ResolvedMonitoringServerMetrics;
};

/** Which requests and responses are captured: initialSamplingPercentage, input, output, expirationInDays. Default: none. */
export interface EndpointDataCapture {
  /** The percentage of requests to capture. */
  readonly initialSamplingPercentage: pulumi.Input<number>;
  /** Whether requests are captured. Default: `true`. */
  readonly input?: pulumi.Input<boolean>;
  /** Whether responses are captured. Default: `true`. */
  readonly output?: pulumi.Input<boolean>;
  /** How long captured data stays in the bucket, in days. Default: `30`. */
  readonly expirationInDays?: pulumi.Input<number>;
}

/** {@link EndpointDataCapture} with all defaults. */
export type ResolvedDataCapture = EndpointDataCapture &
  Required<Pick<EndpointDataCapture, "input" | "output" | "expirationInDays">>;

/** Writes a core dump to the bucket when the model container crashes, for debugging: expirationInDays. Default: none. */
export interface EndpointCoreDump {
  /** How long core dumps stay in the bucket, in days. */
  readonly expirationInDays: pulumi.Input<number>;
}

/** The monthly budget of everything with the CostService tag: limitAmount, emailAddresses. Default: no budget. */
export interface EndpointBudget {
  /** The monthly limit, in US dollars, or in yuan in China. */
  readonly limitAmount: pulumi.Input<number>;
  /** Up to ten addresses to notify. Default: none; monitoring's topic is notified. */
  readonly emailAddresses?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Serves without instances: memorySizeInMb, maxConcurrency, provisionedConcurrency. Default: with instances. */
export interface EndpointServerless {
  /** The memory of each container in MB; CPU power grows with it. */
  readonly memorySizeInMb: pulumi.Input<1024 | 2048 | 3072 | 4096 | 5120 | 6144>;
  /** How many requests are processed at the same time. */
  readonly maxConcurrency: pulumi.Input<number>;
  /** How many containers are kept warm, up to maxConcurrency. Default: none. */
  readonly provisionedConcurrency?: pulumi.Input<number>;
}

/** One of a list. */
export interface EndpointVariant {
  /** Folder with the Triton model repository to check, pack and upload. Exactly one of this, modelArchive, modelDataUrl and multiModel. */
  readonly modelRepository?: string;
  /** Packed model repository (.tar.gz) to check and upload. */
  readonly modelArchive?: string;
  /** Packed model repository that is already in S3, s3://<bucket>/<key>.tar.gz. */
  readonly modelDataUrl?: pulumi.Input<string>;
  /** How modelRepository is stored in S3: archive (one .tar.gz) or prefix (single uncompressed files). */
  readonly modelDataFormat?: "archive" | "prefix";
  /** A Model that is already in SageMaker, for example an earlier release's, to serve instead of the stack's own. */
  readonly modelName?: pulumi.Input<string>;
  /** The model that answers requests. Required if the repository has several. */
  readonly defaultModelName?: pulumi.Input<string>;
  /** Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one. */
  readonly modelServer?: EndpointModelServer;
  /** Environment of Triton's container, as names and values. May be secret. */
  readonly environment?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** Hosting instance type, Intel, AMD or NVIDIA. Default: ml.m5.large, unless serverless. */
  readonly instanceType?: string;
  /** Number of instances, 1 or more. Default: one, or autoscaling's minCapacity. */
  readonly initialInstanceCount?: pulumi.Input<number>;
  /** The variant's share of the traffic, 0 or more. */
  readonly initialVariantWeight?: number;
  /** How long the container may take to become healthy, 60 to 3600 s. */
  readonly containerStartupHealthCheckTimeoutInSeconds?: pulumi.Input<number>;
  /** How long downloading and unpacking the model may take, 60 to 3600 s. */
  readonly modelDataDownloadTimeoutInSeconds?: pulumi.Input<number>;
  /** Size of each instance's EBS volume, 1 to 512 GB. Default: SageMaker decides. */
  readonly volumeSizeInGb?: pulumi.Input<number>;
  /** Which instance gets a request: LEAST_OUTSTANDING_REQUESTS (one with capacity) or RANDOM. Default: SageMaker decides. */
  readonly routingStrategy?: pulumi.Input<"LEAST_OUTSTANDING_REQUESTS" | "RANDOM">;
  /** An ML capacity reservation for the instances: mlReservationArn, capacityReservationPreference. Default: none. */
  readonly capacityReservation?: EndpointCapacityReservation;
  /** Whether AWS Systems Manager can open a shell in the container, for debugging. */
  readonly enableSsmAccess?: boolean;
  /** Host image with the GPU driver. Default: chosen to fit the image's release and the GPU, otherwise by SageMaker. */
  readonly inferenceAmiVersion?: pulumi.Input<string>;
  /** How the instance count follows the load: minCapacity, maxCapacity, invocationsPerInstance, cooldowns, scheduledActions. Default: off. */
  readonly autoscaling?: EndpointAutoscaling;
}

/** A variant that gets copies of requests and whose responses are discarded: samplingPercentage, and the settings that it overrides. Default: none. */
export interface EndpointShadow {
  /** The percentage of the traffic to copy. */
  readonly samplingPercentage: pulumi.Input<number>;
  /** Folder with the Triton model repository to check, pack and upload. Exactly one of this, modelArchive, modelDataUrl and multiModel. */
  readonly modelRepository?: string;
  /** Packed model repository (.tar.gz) to check and upload. */
  readonly modelArchive?: string;
  /** Packed model repository that is already in S3, s3://<bucket>/<key>.tar.gz. */
  readonly modelDataUrl?: pulumi.Input<string>;
  /** How modelRepository is stored in S3: archive (one .tar.gz) or prefix (single uncompressed files). */
  readonly modelDataFormat?: "archive" | "prefix";
  /** A Model that is already in SageMaker, for example an earlier release's, to serve instead of the stack's own. */
  readonly modelName?: pulumi.Input<string>;
  /** The model that answers requests. Required if the repository has several. */
  readonly defaultModelName?: pulumi.Input<string>;
  /** Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one. */
  readonly modelServer?: EndpointModelServer;
  /** Environment of Triton's container, as names and values. May be secret. */
  readonly environment?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** Hosting instance type, Intel, AMD or NVIDIA. Default: ml.m5.large, unless serverless. */
  readonly instanceType?: string;
  /** Number of instances, 1 or more. Default: one, or autoscaling's minCapacity. */
  readonly initialInstanceCount?: pulumi.Input<number>;
  /** How long the container may take to become healthy, 60 to 3600 s. */
  readonly containerStartupHealthCheckTimeoutInSeconds?: pulumi.Input<number>;
  /** How long downloading and unpacking the model may take, 60 to 3600 s. */
  readonly modelDataDownloadTimeoutInSeconds?: pulumi.Input<number>;
  /** Size of each instance's EBS volume, 1 to 512 GB. Default: SageMaker decides. */
  readonly volumeSizeInGb?: pulumi.Input<number>;
  /** Which instance gets a request: LEAST_OUTSTANDING_REQUESTS (one with capacity) or RANDOM. Default: SageMaker decides. */
  readonly routingStrategy?: pulumi.Input<"LEAST_OUTSTANDING_REQUESTS" | "RANDOM">;
  /** An ML capacity reservation for the instances: mlReservationArn, capacityReservationPreference. Default: none. */
  readonly capacityReservation?: EndpointCapacityReservation;
  /** Whether AWS Systems Manager can open a shell in the container, for debugging. */
  readonly enableSsmAccess?: boolean;
  /** Host image with the GPU driver. Default: chosen to fit the image's release and the GPU, otherwise by SageMaker. */
  readonly inferenceAmiVersion?: pulumi.Input<string>;
}

/** Describes an endpoint. */
export interface EndpointArgs {
  /** Folder with the Triton model repository to check, pack and upload. Exactly one of this, modelArchive, modelDataUrl and multiModel. */
  readonly modelRepository?: string;
  /** Packed model repository (.tar.gz) to check and upload. */
  readonly modelArchive?: string;
  /** Packed model repository that is already in S3, s3://<bucket>/<key>.tar.gz. */
  readonly modelDataUrl?: pulumi.Input<string>;
  /** How modelRepository is stored in S3: archive (one .tar.gz) or prefix (single uncompressed files). Default: `"archive"`. */
  readonly modelDataFormat?: "archive" | "prefix";
  /** A Model that is already in SageMaker, for example an earlier release's, to serve instead of the stack's own. */
  readonly modelName?: pulumi.Input<string>;
  /** The model that answers requests. Required if the repository has several. */
  readonly defaultModelName?: pulumi.Input<string>;
  /** Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one. */
  readonly modelServer?: EndpointModelServer;
  /** Environment of Triton's container, as names and values. May be secret. Default: `{}`. */
  readonly environment?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** Hosting instance type, Intel, AMD or NVIDIA. Default: ml.m5.large, unless serverless. */
  readonly instanceType?: string;
  /** Number of instances, 1 or more. Default: one, or autoscaling's minCapacity. */
  readonly initialInstanceCount?: pulumi.Input<number>;
  /** The variant's share of the traffic, 0 or more. Default: `1`. */
  readonly initialVariantWeight?: number;
  /** How long the container may take to become healthy, 60 to 3600 s. Default: `300`. */
  readonly containerStartupHealthCheckTimeoutInSeconds?: pulumi.Input<number>;
  /** How long downloading and unpacking the model may take, 60 to 3600 s. Default: `1200`. */
  readonly modelDataDownloadTimeoutInSeconds?: pulumi.Input<number>;
  /** Size of each instance's EBS volume, 1 to 512 GB. Default: SageMaker decides. */
  readonly volumeSizeInGb?: pulumi.Input<number>;
  /** Which instance gets a request: LEAST_OUTSTANDING_REQUESTS (one with capacity) or RANDOM. Default: SageMaker decides. */
  readonly routingStrategy?: pulumi.Input<"LEAST_OUTSTANDING_REQUESTS" | "RANDOM">;
  /** An ML capacity reservation for the instances: mlReservationArn, capacityReservationPreference. Default: none. */
  readonly capacityReservation?: EndpointCapacityReservation;
  /** Whether AWS Systems Manager can open a shell in the container, for debugging. Default: `false`. */
  readonly enableSsmAccess?: boolean;
  /** Host image with the GPU driver. Default: chosen to fit the image's release and the GPU, otherwise by SageMaker. */
  readonly inferenceAmiVersion?: pulumi.Input<string>;
  /** How the instance count follows the load: minCapacity, maxCapacity, invocationsPerInstance, cooldowns, scheduledActions. Default: off. */
  readonly autoscaling?: EndpointAutoscaling;
  /** Many models behind one endpoint: modelRepositories (a folder of model repositories) and modelCacheSetting. */
  readonly multiModel?: EndpointMultiModel;
  /** Release of Triton's image on AWS, <year>.<month>-py3. Not used with upstreamImage or imageUri. Default: `"26.05-py3"`. */
  readonly imageTag?: pulumi.Input<string>;
  /** Pins the upstream image: sha256:<64 digits>, the stack output imageDigest of an earlier update. Default: the image the tag points to. */
  readonly imageDigest?: pulumi.Input<string>;
  /** An upstream image to copy instead of AWS's, for example nvcr.io/nvidia/tritonserver:24.10-py3. Default: none. */
  readonly upstreamImage?: pulumi.Input<string>;
  /** An image that is already in ECR: nothing is copied, and no Docker daemon is needed. Default: none. */
  readonly imageUri?: pulumi.Input<string>;
  /** The processor architecture of your own image (upstreamImage, imageUri): amd64, or arm64 for Graviton types. Default: amd64. */
  readonly imageArchitecture?: pulumi.Input<"amd64" | "arm64">;
  /** Name of the ECR repository. Default: auto-named by Pulumi. */
  readonly repositoryName?: pulumi.Input<string>;
  /** Whether a tag in the ECR repository can't be moved to another image. Default: `false`. */
  readonly immutableTags?: pulumi.Input<boolean>;
  /** Name of the endpoint, up to 63 letters, digits and hyphens. Default: <project>-<stack>. */
  readonly endpointName?: string;
  /** Name of the endpoint that may be deleted when endpointName changes. Default: none; changing endpointName is refused. */
  readonly replaceEndpoint?: string;
  /** Name of the bucket for models. Default: auto-named by Pulumi. */
  readonly bucketName?: pulumi.Input<string>;
  /** Whether requests to the bucket are logged, in a separate bucket. Default: `false`. */
  readonly accessLogging?: boolean;
  /** Queues requests and writes the responses to the bucket: maxConcurrentInvocationsPerInstance, successTopic, errorTopic, expirationInDays. Default: requests are answered directly. */
  readonly asyncInference?: EndpointAsyncInference;
  /** The VPC: subnets, and either securityGroupIds or a vpcId to create a security group in. Default: no VPC. */
  readonly vpcConfig?: EndpointVpcConfig;
  /** Whether the container has no network access. SageMaker fetches the image and the model. Default: `false`. */
  readonly networkIsolation?: pulumi.Input<boolean>;
  /** Whether a KMS key is created for the bucket, the repository and the volumes. Default: `false`. */
  readonly createKmsKey?: boolean;
  /** Whether the bucket, the repository and the endpoint are protected. The first two also stay after a destroy. Default: `false`. */
  readonly protect?: boolean;
  /** Whether the models, endpoint configurations and model data of earlier releases are kept. Default: `false`. */
  readonly keepReleases?: boolean;
  /** How the endpoint moves to a new release and what rolls it back: strategy, sizes, waits, alarms. Needs keepReleases. Default: all at once, no alarms. */
  readonly rollout?: EndpointRollout;
  /** The endpoint's logs, alarms and dashboard: retentionInDays, topicArn or emailAddresses, alarms. Default: none. */
  readonly monitoring?: EndpointMonitoring;
  /** Which requests and responses are captured: initialSamplingPercentage, input, output, expirationInDays. Default: none. */
  readonly dataCapture?: EndpointDataCapture;
  /** Writes a core dump to the bucket when the model container crashes, for debugging: expirationInDays. Default: none. */
  readonly coreDump?: EndpointCoreDump;
  /** The monthly budget of everything with the CostService tag: limitAmount, emailAddresses. Default: no budget. */
  readonly budget?: EndpointBudget;
  /** Name of an existing bucket to upload models to. Default: a bucket is created. */
  readonly bucket?: pulumi.Input<string>;
  /** Name of an existing ECR repository, in the account and region of the endpoint, to copy the image to. Default: a repository is created. */
  readonly repository?: pulumi.Input<string>;
  /** Name or ARN of an existing execution role, with all permissions. Default: a role is created. */
  readonly role?: pulumi.Input<string>;
  /** Name of the endpoint's log group, /aws/sagemaker/Endpoints/<endpointName>, if it exists. Default: created with monitoring, otherwise by SageMaker. */
  readonly logGroup?: pulumi.Input<string>;
  /** Serves without instances: memorySizeInMb, maxConcurrency, provisionedConcurrency. Default: with instances. */
  readonly serverless?: EndpointServerless;
  /** Variants that share the traffic by weight: by name, the settings that each overrides. Default: one, AllTraffic. */
  readonly variants?: Readonly<Record<string, EndpointVariant>>;
  /** A variant that gets copies of requests and whose responses are discarded: samplingPercentage, and the settings that it overrides. Default: none. */
  readonly shadow?: EndpointShadow;
  /** ARN of a KMS key for the bucket, the repository and the volumes. Default: AWS's keys. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** More tags for every resource, as names and values. Default: `{}`. */
  readonly tags?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** {@link EndpointArgs} with all defaults. */
export type ResolvedArgs = EndpointArgs &
  Required<
    Pick<
      EndpointArgs,
      | "modelDataFormat"
      | "environment"
      | "initialVariantWeight"
      | "containerStartupHealthCheckTimeoutInSeconds"
      | "modelDataDownloadTimeoutInSeconds"
      | "enableSsmAccess"
      | "imageTag"
      | "immutableTags"
      | "accessLogging"
      | "networkIsolation"
      | "createKmsKey"
      | "protect"
      | "keepReleases"
      | "tags"
    >
  > & {
    readonly asyncInference?: ResolvedAsyncInference;
    readonly rollout?: ResolvedRollout;
    readonly monitoring?: ResolvedMonitoring;
    readonly dataCapture?: ResolvedDataCapture;
  };
