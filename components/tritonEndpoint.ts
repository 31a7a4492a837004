import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { publishers, type Publisher } from "../sagemaker/alarmTopic.ts";
import {
  asyncInferenceConfig,
  asyncInferencePolicy,
  asyncInferencePrefixes,
  defaultExpirationInDays,
} from "../sagemaker/asyncInference.ts";
import { firstInstanceCount } from "../sagemaker/autoscaling.ts";
import {
  dataCaptureConfig,
  dataCapturePolicy,
  dataCapturePrefix,
  defaultCaptureExpirationInDays,
} from "../sagemaker/dataCapture.ts";
import { endpointProblems } from "../sagemaker/endpointRules.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import { defaultInstanceType, instanceTypeWarning } from "../sagemaker/instanceTypes.ts";
import type { AwsScope } from "../sagemaker/policies.ts";
import type { MonitoredVariant } from "../sagemaker/variantAlarms.ts";
import { AccessLogging } from "./accessLogging.ts";
import { Autoscaling } from "./autoscaling.ts";
import { Budget } from "./budget.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { ExecutionRole, type VpcConfig } from "./executionRole.ts";
import { ImageRegistry } from "./imageRegistry.ts";
import { ModelServer, type ServedVariant } from "./modelServer.ts";
import { ModelStorage, type Expiration } from "./modelStorage.ts";
import { targetModelOf } from "./modelUpload.ts";
import { Monitoring } from "./monitoring.ts";
import { Network } from "./network.ts";
import { shadowWeight, variantName, type NamedVariant } from "./productionVariant.ts";
import { Rollout, rollbackAlarmNames } from "./rollout.ts";
import type { Tags } from "./tags.ts";
import type { EndpointVpcConfig, TritonEndpointArgs } from "./tritonEndpointArgs.ts";

/**
 * A Triton model repository behind a SageMaker AI real-time endpoint: storage, registry, role and server.
 *
 * ```ts
 * const model = await loadModel({ modelRepository: "models" });
 * const endpoint = new TritonEndpoint("penguins", {
 *   model,
 *   image: { imageTag: "26.05-py3" },
 *   variant: { instanceType: "ml.m5.large" },
 *   environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
 * });
 * ```
 */
export class TritonEndpoint extends pulumi.ComponentResource {
  /** The bucket and the model in it. */
  readonly storage: ModelStorage;
  /** The ECR repository and the image in it; absent where the image was there already. */
  readonly registry?: ImageRegistry;
  /** How the endpoint goes over to a new release; absent where it does so all at once. */
  readonly rollout?: Rollout;
  /** Logs, alarms and dashboard; absent where nothing is watched. */
  readonly monitoring?: Monitoring;
  /** The role that SageMaker assumes. */
  readonly role: ExecutionRole;
  /** SageMaker's model, endpoint configuration and endpoint. */
  readonly server: ModelServer;
  /** The image that is served. */
  readonly imageUri: pulumi.Output<string>;
  /** The name of the Model in SageMaker that is served; of several variants, the first one's. */
  readonly modelName: pulumi.Output<string>;
  /** Where it lies in S3: an archive's URL, or a prefix that ends in `/`; empty where the Model was there already. */
  readonly modelDataUrl: pulumi.Output<string>;
  /** Of many models, what a request names each by as TargetModel, by the models' names; empty where there is one. */
  readonly targetModels: Readonly<Record<string, string>>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   * @throws pulumi.ResourceError naming every argument that SageMaker would refuse
   */
  constructor(name: string, args: TritonEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:TritonEndpoint", name, {}, opts);
    const child = { parent: this };
    const tags = args.tags ?? {};
    const { protect, keepReleases, asyncInference, dataCapture } = args;
    const endpointName = args.endpointName ?? name;
    const problems = endpointProblems({ ...args, name, endpointName, tags });
    if (problems.length > 0) throw new pulumi.ResourceError(problems.join("\n"), this, true);
    const variants = args.variants ?? [{ ...args.variant, variantName }];
    const served = args.shadow ? [...variants, args.shadow] : variants;
    this.#warnOfUnknownTypes(served);
    const scope = awsScope(this);
    const key = { scope, endpointName, publishers: topicPublishers(endpointName, args), protect, tags };
    const kmsKeyArn = args.createKmsKey ? new EncryptionKey(`${name}-encryption`, key, child).arn : args.kmsKeyArn;

    this.storage = new ModelStorage(
      `${name}-storage`,
      {
        scope,
        model: args.model,
        variantModels: Object.fromEntries(
          served.flatMap(({ variantName, model }) => (model ? [[variantName, model] as const] : [])),
        ),
        expirations: expirations(args),
        bucketName: args.bucketName,
        protect,
        keepReleases,
        kmsKeyArn,
        tags,
      },
      child,
    );
    const bucket = this.storage.bucket;
    if (args.accessLogging) {
      new AccessLogging(`${name}-access-logging`, { scope, bucket, protect, tags }, child);
    }
    const vpcConfig = args.vpcConfig && this.#network(name, args.vpcConfig, scope, tags);
    let repositoryArn;
    if ("imageUri" in args.image) {
      this.imageUri = pulumi.output(args.image.imageUri);
      repositoryArn = existingRepositoryArn(args.image.imageUri, scope);
    } else {
      const { imageTag, imageDigest, upstreamImage, repositoryName, immutableTags } = args.image;
      this.registry = new ImageRegistry(
        `${name}-registry`,
        { imageTag, imageDigest, upstreamImage, repositoryName, immutableTags, protect, kmsKeyArn, tags },
        child,
      );
      this.imageUri = this.registry.imageUri;
      repositoryArn = this.registry.repository.arn;
    }
    if (args.rollout) {
      const variantNames = variants.map((variant) => variant.variantName);
      this.rollout = new Rollout(`${name}-rollout`, { endpointName, variantNames, policy: args.rollout, tags }, child);
    }
    if (args.monitoring) {
      this.monitoring = new Monitoring(
        `${name}-monitoring`,
        {
          scope,
          endpointName,
          variants: monitoredVariants(args, variants),
          shadow: args.shadow,
          options: args.monitoring,
          shownAlarms: this.rollout?.alarms,
          budget: args.budget !== undefined,
          kmsKeyArn,
          tags,
        },
        child,
      );
    }
    if (args.budget) {
      const { topicArn } = this.monitoring ?? {};
      const costService = tags.CostService ?? "";
      new Budget(`${name}-budget`, { scope, options: args.budget, costService, topicArn, tags }, child);
    }
    this.role = new ExecutionRole(
      `${name}-execution`,
      {
        scope,
        endpointName,
        modelData: this.storage.access,
        logGroupExists: this.monitoring !== undefined,
        repositoryArn,
        vpcConfig,
        kmsKeyArn,
        // An endpoint keeps its alarms when the rollout is taken out.
        rollbackAlarmNames: keepReleases ? rollbackAlarmNames(`${name}-rollout`) : undefined,
        policies: {
          ...(asyncInference && {
            "async-inference": bucket.arn.apply((bucketArn) => asyncInferencePolicy(asyncInference, bucketArn)),
          }),
          ...(dataCapture && { "data-capture": bucket.arn.apply(dataCapturePolicy) }),
        },
        tags,
      },
      child,
    );
    this.server = new ModelServer(
      `${name}-server`,
      {
        endpointName,
        container: this.storage.modelData && {
          imageUri: this.imageUri,
          modelData: this.storage.modelData,
          environment: args.environment ?? {},
        },
        variants: variants.map((variant) => ({
          ...this.#served(variant, args),
          initialInstanceCount: firstInstanceCount(
            variant.initialInstanceCount,
            variant.autoscaling ?? args.autoscaling,
          ),
        })),
        shadow: args.shadow && {
          ...this.#served(args.shadow, args),
          initialVariantWeight: shadowWeight(args.shadow, variants),
        },
        asyncInferenceConfig:
          asyncInference &&
          pulumi
            .all([bucket.bucket, kmsKeyArn])
            .apply(([bucketName, key]) => asyncInferenceConfig(asyncInference, bucketName, key)),
        dataCaptureConfig:
          dataCapture &&
          pulumi
            .all([bucket.bucket, kmsKeyArn])
            .apply(([bucketName, captureKey]) => dataCaptureConfig(dataCapture, bucketName, captureKey)),
        logGroup: this.monitoring?.logGroup,
        executionRoleArn: this.role.arn,
        vpcConfig,
        kmsKeyArn,
        networkIsolation: args.networkIsolation,
        protect,
        keepReleases,
        rollout: this.rollout,
        releaseWatch: args.releaseWatch,
        tags,
      },
      child,
    );
    for (const variant of variants) this.#autoscale(name, variant, args);
    this.modelName = this.server.modelName;
    this.modelDataUrl = modelDataUrlOf(this.storage, variants);
    const archives = args.model?.format === "multiModel" ? args.model.archives : [];
    this.targetModels = Object.fromEntries(archives.map((archive) => [archive.name, targetModelOf(archive)]));
    this.registerOutputs({
      endpointName: this.server.endpoint.name,
      endpointArn: this.server.endpoint.arn,
      imageUri: this.imageUri,
      modelDataUrl: this.modelDataUrl,
      dashboardUrl: this.monitoring?.dashboardUrl,
    });
  }

  /** A variant with a container of its own where its model or its environment is its own. */
  #served({ model, environment, ...variant }: NamedVariant, args: TritonEndpointArgs): ServedVariant {
    const modelData = this.storage.variantModelData[variant.variantName] ?? this.storage.modelData;
    if ((!model && environment === undefined) || !modelData) return variant;
    const container = { imageUri: this.imageUri, modelData, environment: environment ?? args.environment ?? {} };
    return { ...variant, container };
  }

  #warnOfUnknownTypes(variants: readonly NamedVariant[]): void {
    for (const instanceType of new Set(variants.map((variant) => variant.instanceType ?? defaultInstanceType))) {
      const warning = instanceTypeWarning(instanceType);
      if (warning !== undefined) void pulumi.log.warn(warning, this);
    }
  }

  #autoscale(name: string, variant: NamedVariant, args: TritonEndpointArgs): void {
    const options = variant.autoscaling ?? args.autoscaling;
    if (!options) return;
    const { endpoint } = this.server;
    new Autoscaling(
      args.variants ? `${name}-${variant.variantName}-autoscaling` : `${name}-autoscaling`,
      { endpoint, variantName: variant.variantName, options, tags: args.tags ?? {} },
      { parent: this },
    );
  }

  #network(name: string, vpc: EndpointVpcConfig, scope: pulumi.Output<AwsScope>, tags: Tags): VpcConfig {
    const { subnets, securityGroupIds, vpcId, routeTableIds } = vpc;
    if (securityGroupIds) return { subnets, securityGroupIds };
    if (vpcId === undefined) {
      throw new pulumi.ResourceError("vpcConfig needs securityGroupIds, or a vpcId in which one is made", this, true);
    }
    const bucketArns = pulumi
      .all([this.storage.bucket.arn, this.storage.access])
      .apply(([own, accesses]) => [...new Set([own, ...accesses.map(({ bucketArn }) => bucketArn)])]);
    const args = { scope, vpcId, subnets, routeTableIds, bucketArns, tags };
    return new Network(`${name}-network`, args, { parent: this }).vpcConfig;
  }
}

/** Variants as alarms and dashboard see them. One without weight, or that is scaled to nothing, may be silent. */
function monitoredVariants({ autoscaling }: TritonEndpointArgs, variants: readonly NamedVariant[]): MonitoredVariant[] {
  return variants.map((variant) => ({
    variantName: variant.variantName,
    instanceType: variant.instanceType,
    silent: variant.initialVariantWeight === 0 || (variant.autoscaling ?? autoscaling)?.minCapacity === 0,
  }));
}

/** Who tells the topic that monitoring makes; absent where it makes none. */
function topicPublishers(
  endpointName: string,
  { monitoring, budget }: TritonEndpointArgs,
): ((scope: AwsScope) => Publisher[]) | undefined {
  if (!monitoring || monitoring.topicArn !== undefined) return undefined;
  return (scope) => publishers(scope, endpointName, budget !== undefined);
}

/** What goes from the bucket after a time. */
function expirations({ asyncInference, dataCapture }: TritonEndpointArgs): Expiration[] {
  const days = asyncInference?.expirationInDays ?? defaultExpirationInDays;
  return [
    ...(asyncInference ? Object.values(asyncInferencePrefixes).map((prefix) => ({ prefix, days })) : []),
    ...(dataCapture
      ? [{ prefix: dataCapturePrefix, days: dataCapture.expirationInDays ?? defaultCaptureExpirationInDays }]
      : []),
  ];
}

/** Where the first variant's model lies; empty where it serves a Model that was there already. */
function modelDataUrlOf(storage: ModelStorage, [first]: readonly NamedVariant[]): pulumi.Output<string> {
  const modelData =
    first?.modelName === undefined && (storage.variantModelData[first?.variantName ?? ""] ?? storage.modelData);
  return modelData ? modelData.url : pulumi.output("");
}

function awsScope(parent: pulumi.Resource): pulumi.Output<AwsScope> {
  return pulumi
    .all([
      aws.getPartitionOutput({}, { parent }),
      aws.getRegionOutput({}, { parent }),
      aws.getCallerIdentityOutput({}, { parent }),
    ])
    .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));
}

function existingRepositoryArn(imageUri: string, scope: pulumi.Output<AwsScope>): pulumi.Output<string> {
  const image = parseEcrImage(imageUri);
  if (!image) throw new pulumi.RunError(`imageUri: "${imageUri}" is no reference to an image in Amazon ECR`);
  return scope.apply(
    ({ partition }) => `arn:${partition}:ecr:${image.region}:${image.accountId}:repository/${image.repositoryName}`,
  );
}
