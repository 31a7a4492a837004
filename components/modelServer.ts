import type * as aws from "@pulumi/aws";
import { Endpoint } from "@pulumi/aws/sagemaker/endpoint.js";
import { EndpointConfiguration } from "@pulumi/aws/sagemaker/endpointConfiguration.js";
import { Model } from "@pulumi/aws/sagemaker/model.js";
import * as pulumi from "@pulumi/pulumi";
import { multiModelEnvironment } from "../sagemaker/multiModel.ts";
import { hasInstanceStorage } from "../sagemaker/instanceTypes.ts";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import type { EndpointWatch } from "../releases/watchReleases.ts";
import { allAtOnce } from "./deploymentConfig.ts";
import type { VpcConfig } from "./executionRole.ts";
import type { ModelData } from "./modelUpload.ts";
import { whenKnown } from "./later.ts";
import { variantInputs } from "./productionVariant.ts";
import type { ResolvedVariant } from "./resolvedEndpoint.ts";
import type { Rollout } from "./rollout.ts";
import type { Tags } from "./tags.ts";
import { log, ResourceError } from "../text/pulumi.ts";

/** What a Model is created from. */
export interface ModelContainer {
  /** The Triton image, in ECR. */
  readonly imageUri: pulumi.Input<string>;
  /** The model's location. */
  readonly modelData: ModelData;
  /** The container's environment, for example `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. */
  readonly environment: pulumi.Input<Readonly<Record<string, string>>>;
}

/** A variant and its container. No Model is created if the variant names an existing one. */
export interface ServedVariant extends Omit<ResolvedVariant, "model" | "environment" | "initialVariantWeight"> {
  /** Its share of the traffic, 0 or more. */
  readonly initialVariantWeight?: pulumi.Input<number>;
  /** What its Model is created from. Variants with the same container share one Model. */
  readonly container?: ModelContainer;
}

/** Arguments of ModelServer. */
export interface ModelServerArgs {
  /** The endpoint's name: up to 63 letters, digits and hyphens. */
  readonly endpointName: string;
  /** The container of the Model shared by all variants that have none of their own. */
  readonly container?: ModelContainer;
  /** The variants, 1 to 10. */
  readonly variants: readonly ServedVariant[];
  /** The variant that gets copies of requests. Default: none. */
  readonly shadow?: ServedVariant;
  /** Queues requests and writes the answers to S3. Default: requests are answered at once. */
  readonly asyncInferenceConfig?: pulumi.Input<aws.types.input.sagemaker.EndpointConfigurationAsyncInferenceConfig>;
  /** Records requests and answers. Default: none. */
  readonly dataCaptureConfig?: pulumi.Input<aws.types.input.sagemaker.EndpointConfigurationDataCaptureConfig>;
  /** Where to store the production variants' core dumps. Default: nowhere. */
  readonly coreDumpConfig?: aws.types.input.sagemaker.EndpointConfigurationProductionVariantCoreDumpConfig;
  /** The endpoint's log group, or its name, if it exists before the endpoint. Default: SageMaker creates it. */
  readonly logGroup?: aws.cloudwatch.LogGroup | pulumi.Input<string>;
  /** The role that SageMaker assumes. */
  readonly executionRoleArn: pulumi.Input<string>;
  /** The VPC, if the endpoint is in one. Default: none. */
  readonly vpcConfig?: VpcConfig;
  /** The KMS key that encrypts the instances' volumes. Instances with local storage encrypt that in hardware. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether the container has no network access. Default: false. */
  readonly networkIsolation?: pulumi.Input<boolean>;
  /** Whether the endpoint is protected against being destroyed or replaced. Default: false. */
  readonly protect?: boolean;
  /** Whether earlier models and endpoint configurations are kept, so that they can be brought back. Default: false. */
  readonly keepReleases?: boolean;
  /** How the endpoint moves to a new release. Default: all at once, without alarms to roll it back. */
  readonly rollout?: Rollout;
  /** Verifies the endpoint's releases. Default: none; the provider's result is trusted. */
  readonly watch?: EndpointWatch;
  /** The endpoint's state after the last update. Default: none or unknown. */
  readonly earlier?: EarlierEndpoint;
  /** Tags of the model, the configuration and the endpoint. */
  readonly tags: Tags;
}

/**
 * SageMaker's Model → EndpointConfiguration → Endpoint. Model and configuration are immutable, so every change creates
 * new ones. They are auto-named, so that the new ones exist before the endpoint moves to them and the old ones are
 * deleted last. The endpoint keeps its name and is updated in place.
 *
 * Costs the instance hours, by far the largest part of a stack's cost.
 */
export class ModelServer extends pulumi.ComponentResource {
  /** The name of the first variant's Model. */
  readonly modelName: pulumi.Output<string>;
  /** SageMaker's endpoint configuration. */
  readonly endpointConfiguration: aws.sagemaker.EndpointConfiguration;
  /** SageMaker's endpoint. */
  readonly endpoint: aws.sagemaker.Endpoint;
  /** The configuration that the endpoint serves; if releases are watched, fails if it isn't the planned one. */
  readonly servedConfigurationName: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ModelServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ModelServer", name, {}, opts);
    // Auto-named resources are created before the old ones are deleted. Keep it so even if the program configures its
    // own naming.
    const release = { parent: this, retainOnDelete: args.keepReleases ?? false, deleteBeforeReplace: false };

    // An endpoint that had a rollout keeps its alarms. SageMaker's default policy is set explicitly, because omitting
    // it would keep the earlier one.
    const allAtOnceNow = args.earlier?.deploymentConfig && !args.rollout ? allAtOnce : undefined;

    const modelNameOf = this.#models(name, args, release);
    const [first] = args.variants;
    const inputs = (variant: ServedVariant) => variantInputs(modelNameOf(variant), variant);
    this.modelName = first ? modelNameOf(first) : pulumi.output("");
    this.endpointConfiguration = new EndpointConfiguration(
      `${name}-configuration`,
      {
        productionVariants: args.variants.map((variant) => ({
          ...inputs(variant),
          coreDumpConfig: args.coreDumpConfig,
        })),
        shadowProductionVariants: args.shadow && [inputs(args.shadow)],
        asyncInferenceConfig: args.asyncInferenceConfig,
        dataCaptureConfig: args.dataCaptureConfig,
        // SageMaker refuses a key if a variant has no volume to encrypt.
        kmsKeyArn: [...args.variants, ...(args.shadow ? [args.shadow] : [])].every(hasVolume)
          ? args.kmsKeyArn
          : undefined,
        tags: args.tags,
      },
      // Changing the rollout updates the endpoint too, and SageMaker requires a new configuration for every update:
      // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html The engine only compares two
      // values, so there is always one.
      {
        ...release,
        hooks: args.watch?.configurationHooks,
        replacementTrigger: args.rollout?.updatePolicy ?? allAtOnceNow ?? "none",
      },
    );
    this.endpoint = new Endpoint(
      `${name}-endpoint`,
      {
        name: args.endpointName,
        endpointConfigName: this.endpointConfiguration.name,
        deploymentConfig: args.rollout?.deploymentConfig ?? allAtOnceNow,
        tags: args.tags,
      },
      {
        parent: this,
        ...(args.protect && { protect: true }),
        dependsOn: after(args.rollout?.alarms ?? [], args.logGroup),
        // The provider would replace the endpoint to change its alarms, so it keeps those it was created with.
        ignoreChanges: [
          args.rollout || allAtOnceNow ? "deploymentConfig.autoRollbackConfiguration" : "deploymentConfig",
        ],
        hooks: args.watch?.hooks,
        // Names are unique, so an endpoint replaced under its own name, after SageMaker marked it Failed, is deleted
        // first. One with a new name is created first.
        deleteBeforeReplace: args.earlier === undefined || args.earlier.endpointName === args.endpointName,
      },
    );
    if (args.rollout) warnWithoutAlarms(this.endpoint);
    const planned = this.endpointConfiguration.name;
    this.servedConfigurationName = args.watch?.check(this.endpoint, planned) ?? planned;
    this.registerOutputs({
      modelName: this.modelName,
      endpointConfigName: this.servedConfigurationName,
      endpointName: this.endpoint.name,
      endpointArn: this.endpoint.arn,
    });
  }

  /** Creates each Model once: one for all variants that share a container, and one for each with its own. */
  #models(
    name: string,
    args: ModelServerArgs,
    release: pulumi.CustomResourceOptions,
  ): (variant: ServedVariant) => pulumi.Output<string> {
    const made = new Map<string, pulumi.Output<string>>();
    return ({ variantName, modelName, container }) => {
      if (modelName !== undefined) return pulumi.output(modelName);
      const logicalName = container ? `${name}-${variantName}-model` : `${name}-model`;
      const from = container ?? args.container;
      if (!from) throw new ResourceError(`the variant ${variantName} has no model: give it one`, this);
      const model = made.get(logicalName) ?? new Model(logicalName, modelInputs(args, from), release).name;
      made.set(logicalName, model);
      return model;
    };
  }
}

/** A name depends on the resource that it comes from. */
function after(
  alarms: readonly pulumi.Resource[],
  logGroup: ModelServerArgs["logGroup"],
): pulumi.ResourceOptions["dependsOn"] {
  if (logGroup === undefined) return [...alarms];
  if (pulumi.Resource.isInstance(logGroup)) return [...alarms, logGroup];
  return pulumi.output(logGroup).apply(() => [...alarms]);
}

function modelInputs(
  { executionRoleArn, networkIsolation, vpcConfig, tags }: ModelServerArgs,
  { imageUri, environment, modelData }: ModelContainer,
): aws.sagemaker.ModelArgs {
  return {
    executionRoleArn,
    primaryContainer: {
      image: imageUri,
      environment: modelData.format === "multiModel" ? withMultiModelEnvironment(environment) : environment,
      ...modelDataInputs(modelData),
    },
    enableNetworkIsolation: networkIsolation,
    vpcConfig: vpcConfig && {
      subnets: whenKnown(vpcConfig.subnets, (ids) => [...ids]),
      securityGroupIds: whenKnown(vpcConfig.securityGroupIds, (ids) => [...ids]),
    },
    tags,
  };
}

function hasVolume({ instanceType }: ServedVariant): boolean {
  return instanceType !== undefined && !hasInstanceStorage(instanceType);
}

function warnWithoutAlarms(endpoint: aws.sagemaker.Endpoint): void {
  endpoint.deploymentConfig.apply((config) =>
    config?.autoRollbackConfiguration
      ? undefined
      : log.warn(
          'The endpoint was created without a rollout, so no alarm rolls its releases back. See "Alarms" in docs/releases.md.',
          endpoint,
        ),
  );
}

function modelDataInputs(
  modelData: ModelData,
): Pick<
  aws.types.input.sagemaker.ModelPrimaryContainer,
  "mode" | "modelDataUrl" | "modelDataSource" | "multiModelConfig"
> {
  switch (modelData.format) {
    case "archive":
      return { modelDataUrl: modelData.url };
    case "prefix":
      return {
        modelDataSource: {
          s3DataSources: [{ s3Uri: modelData.url, s3DataType: "S3Prefix", compressionType: "None" }],
        },
      };
    case "multiModel": {
      const { url, modelCacheSetting } = modelData;
      return { mode: "MultiModel", modelDataUrl: url, multiModelConfig: modelCacheSetting && { modelCacheSetting } };
    }
  }
}

function withMultiModelEnvironment(environment: ModelContainer["environment"]): ModelContainer["environment"] {
  return pulumi.output(environment).apply((own) => ({ ...multiModelEnvironment, ...own }));
}
