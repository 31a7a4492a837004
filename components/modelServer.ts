import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { hasInstanceStorage } from "../sagemaker/instanceTypes.ts";
import type { VpcConfig } from "./executionRole.ts";
import type { ModelData } from "./modelStorage.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { Rollout } from "./rollout.ts";
import type { Tags } from "./tags.ts";

/**
 * The endpoint's one production variant.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export interface ProductionVariant {
  /** An Intel, AMD or NVIDIA hosting instance type, for example `ml.m5.large`. */
  readonly instanceType: string;
  /** How many instances, from 1. Default: 1, or the `minCapacity` of autoscaling. */
  readonly initialInstanceCount?: number;
  /** The variant's share of the traffic, from 0. Default: 1. */
  readonly initialVariantWeight?: number;
  /** How long the container may take until its first healthy ping, 60–3600 s. Default: 300. */
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  /** How long downloading and unpacking the model may take, 60–3600 s. Default: SageMaker's. */
  readonly modelDataDownloadTimeoutInSeconds?: number;
  /** The EBS volume's size, 1–512 GB. Default: SageMaker's. */
  readonly volumeSizeInGb?: number;
  /** The host image, which brings the GPU driver. Default: SageMaker's. */
  readonly inferenceAmiVersion?: string;
}

/** What a ModelServer is made from. */
export interface ModelServerArgs {
  /** The endpoint's name: up to 63 letters, digits and hyphens. */
  readonly endpointName: string;
  /** The Triton image, in ECR. */
  readonly imageUri: pulumi.Input<string>;
  /** Where the model is. */
  readonly modelData: ModelData;
  /** The container's environment, for example `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. */
  readonly environment: pulumi.Input<Readonly<Record<string, string>>>;
  /** The role that SageMaker assumes. */
  readonly executionRoleArn: pulumi.Input<string>;
  /** The variant. */
  readonly variant: ProductionVariant;
  /** The VPC, where the endpoint is in one. Default: none. */
  readonly vpcConfig?: VpcConfig;
  /** The KMS key that encrypts the instances' volumes. Instances with storage of their own encrypt it by hardware. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether the container is cut off from every network. Default: false. */
  readonly networkIsolation?: boolean;
  /** Whether the endpoint is protected against being destroyed or replaced. Default: false. */
  readonly protect?: boolean;
  /** Whether earlier models and endpoint configurations are kept, so that they can be brought back. Default: false. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release. Default: all at once, and no alarm takes it back. */
  readonly rollout?: Rollout;
  /** What watches over the endpoint's releases. Default: nobody, and the provider is believed. */
  readonly releaseWatch?: ReleaseWatch;
  /** Tags of the model, the configuration and the endpoint. */
  readonly tags: Tags;
}

/**
 * SageMaker's Model → EndpointConfiguration → Endpoint. Model and configuration cannot be changed, only made anew: they
 * are auto-named, so that the new ones stand before the endpoint moves over and the old ones go last. The endpoint has one
 * name for good and is updated in place.
 *
 * Costs the instances' hours, by far the largest part of a stack.
 */
export class ModelServer extends pulumi.ComponentResource {
  /** SageMaker's model. */
  readonly model: aws.sagemaker.Model;
  /** SageMaker's endpoint configuration. */
  readonly endpointConfiguration: aws.sagemaker.EndpointConfiguration;
  /** SageMaker's endpoint. */
  readonly endpoint: aws.sagemaker.Endpoint;
  /** The configuration that the endpoint serves; where it is watched, fails if that is not the planned one. */
  readonly servedConfigurationName: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ModelServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ModelServer", name, {}, opts);
    const release = { parent: this, retainOnDelete: args.keepReleases ?? false };

    this.model = new aws.sagemaker.Model(
      `${name}-model`,
      {
        executionRoleArn: args.executionRoleArn,
        primaryContainer: {
          image: args.imageUri,
          environment: args.environment,
          ...modelDataInputs(args.modelData),
        },
        enableNetworkIsolation: args.networkIsolation,
        vpcConfig: args.vpcConfig && {
          subnets: [...args.vpcConfig.subnets],
          securityGroupIds: [...args.vpcConfig.securityGroupIds],
        },
        tags: args.tags,
      },
      release,
    );
    this.endpointConfiguration = new aws.sagemaker.EndpointConfiguration(
      `${name}-configuration`,
      {
        productionVariants: [variantInputs(this.model.name, args.variant)],
        // SageMaker refuses a key for instances with storage of their own.
        kmsKeyArn: hasInstanceStorage(args.variant.instanceType) ? undefined : args.kmsKeyArn,
        tags: args.tags,
      },
      release,
    );
    this.endpoint = new aws.sagemaker.Endpoint(
      `${name}-endpoint`,
      {
        name: args.endpointName,
        endpointConfigName: this.endpointConfiguration.name,
        deploymentConfig: args.rollout?.deploymentConfig,
        tags: args.tags,
      },
      {
        parent: this,
        protect: args.protect ?? false,
        dependsOn: [...(args.rollout?.alarms ?? [])],
        // To change an endpoint's alarms the provider replaces the endpoint: they are those that it was made with.
        hooks: args.releaseWatch?.hooks,
        // There can't be two of one name; replaced it is on purpose only, after SageMaker called it Failed.
        deleteBeforeReplace: true,
        ignoreChanges: [args.rollout ? "deploymentConfig.autoRollbackConfiguration" : "deploymentConfig"],
      },
    );
    if (args.rollout) warnWithoutAlarms(this.endpoint);
    const planned = this.endpointConfiguration.name;
    this.servedConfigurationName = args.releaseWatch?.check(this.endpoint, planned) ?? planned;
    this.registerOutputs({
      modelName: this.model.name,
      endpointConfigName: this.servedConfigurationName,
      endpointName: this.endpoint.name,
      endpointArn: this.endpoint.arn,
    });
  }
}

/** The one variant's name. It stays the same for good: SageMaker takes a release back only between equal names. */
export const variantName = "AllTraffic";

function warnWithoutAlarms(endpoint: aws.sagemaker.Endpoint): void {
  endpoint.deploymentConfig.apply((config) =>
    config?.autoRollbackConfiguration
      ? undefined
      : pulumi.log.warn(
          'The endpoint was made before it had a rollout: no alarm takes its releases back. See "Alarms" in docs/releases.md.',
          endpoint,
        ),
  );
}

/** What is not given is left to SageMaker, so that no later default of ours changes a release. */
function variantInputs(
  modelName: pulumi.Output<string>,
  variant: ProductionVariant,
): aws.types.input.sagemaker.EndpointConfigurationProductionVariant {
  return {
    variantName,
    modelName,
    instanceType: variant.instanceType,
    initialInstanceCount: variant.initialInstanceCount ?? 1,
    initialVariantWeight: variant.initialVariantWeight ?? 1,
    containerStartupHealthCheckTimeoutInSeconds: variant.containerStartupHealthCheckTimeoutInSeconds ?? 300,
    modelDataDownloadTimeoutInSeconds: variant.modelDataDownloadTimeoutInSeconds,
    volumeSizeInGb: variant.volumeSizeInGb,
    inferenceAmiVersion: variant.inferenceAmiVersion,
  };
}

function modelDataInputs({
  format,
  url,
}: ModelData): Pick<aws.types.input.sagemaker.ModelPrimaryContainer, "modelDataUrl" | "modelDataSource"> {
  return format === "archive"
    ? { modelDataUrl: url }
    : { modelDataSource: { s3DataSources: [{ s3Uri: url, s3DataType: "S3Prefix", compressionType: "None" }] } };
}
