import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { firstInstanceCount, type AutoscalingOptions } from "../sagemaker/autoscaling.ts";
import { endpointProblems } from "../sagemaker/endpointRules.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { AwsScope } from "../sagemaker/policies.ts";
import type { RolloutPolicy } from "../sagemaker/rollout.ts";
import { Autoscaling } from "./autoscaling.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { ExecutionRole, type VpcConfig } from "./executionRole.ts";
import { ImageRegistry } from "./imageRegistry.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import { ModelServer, variantName, type ProductionVariant } from "./modelServer.ts";
import { ModelStorage } from "./modelStorage.ts";
import { Rollout, rollbackAlarmNames } from "./rollout.ts";
import { Network } from "./network.ts";
import type { Tags } from "./tags.ts";

/** An image that is copied into an ECR repository of the stack's own. */
export interface CopiedImage {
  /** The release of Triton's image on AWS, for example `26.05-py3`. Not used where `upstreamImage` is given. */
  readonly imageTag: string;
  /** Pins the upstream image, `sha256:…`. Default: what the upstream tag stands for at the time. */
  readonly imageDigest?: string;
  /** An upstream image in place of AWS's, for example `nvcr.io/nvidia/tritonserver:24.10-py3`. */
  readonly upstreamImage?: string;
  /** The ECR repository's name. Default: made up by Pulumi. */
  readonly repositoryName?: string;
  /** Whether a tag can't be moved to another image. Default: false. */
  readonly immutableTags?: boolean;
}

/** An image that is in ECR already: nothing is copied, and no Docker daemon is needed. */
export interface ExistingImage {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@sha256:…` in place of the tag. */
  readonly imageUri: string;
}

/** The endpoint's VPC: with security groups that are there already, or with one that is made for the endpoint. */
export interface EndpointVpcConfig {
  /** Ids of 1 to 16 subnets. */
  readonly subnets: readonly string[];
  /** Ids of 1 to 5 security groups. Default: one is made, with nothing in and HTTPS to S3 out. */
  readonly securityGroupIds?: readonly string[];
  /** The VPC's id: needed where a security group is made. */
  readonly vpcId?: string;
  /** Ids of route tables that get a gateway endpoint to S3; where a security group is made only. Default: none. */
  readonly routeTableIds?: readonly string[];
}

/** What a TritonEndpoint is made from. Whatever decides which resources there are is a plain value, not an Input. */
export interface TritonEndpointArgs {
  /** The model: what `loadModel` returns. */
  readonly model: ModelArtifact;
  /** The Triton image. */
  readonly image: CopiedImage | ExistingImage;
  /** The instances. */
  readonly variant: ProductionVariant;
  /** The endpoint's name: up to 63 letters, digits and hyphens. Default: the component's name. */
  readonly endpointName?: string;
  /** The container's environment, for example `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. Default: empty. */
  readonly environment?: pulumi.Input<Readonly<Record<string, string>>>;
  /** The bucket's name. Default: made up by Pulumi. */
  readonly bucketName?: string;
  /** The VPC. Default: none. */
  readonly vpcConfig?: EndpointVpcConfig;
  /** Whether the container is cut off from every network; SageMaker itself fetches image and model. Default: false. */
  readonly networkIsolation?: boolean;
  /** A KMS key for bucket, repository and volumes. Default: none. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether a KMS key is made for them. Default: false. */
  readonly createKmsKey?: boolean;
  /** Whether bucket, repository and endpoint are protected, the first two also kept on destroy. Default: false. */
  readonly protect?: boolean;
  /** Whether models, configurations and model data of earlier releases are kept. Default: false. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release; needs `keepReleases`. Default: all at once, no alarm takes it back. */
  readonly rollout?: RolloutPolicy;
  /** How the instance count follows the load. Default: it does not. */
  readonly autoscaling?: AutoscalingOptions;
  /** What watches over the releases: `watchReleases` of releases/. Default: nobody, and the provider is believed. */
  readonly releaseWatch?: ReleaseWatch;
  /** Tags of every taggable resource. Default: none. */
  readonly tags?: Tags;
}

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
  /** The role that SageMaker assumes. */
  readonly role: ExecutionRole;
  /** SageMaker's model, endpoint configuration and endpoint. */
  readonly server: ModelServer;
  /** The image that is served. */
  readonly imageUri: pulumi.Output<string>;
  /** Where the model lies in S3: an archive's URL, or a prefix that ends in `/`. */
  readonly modelDataUrl: pulumi.Output<string>;

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
    const { protect, keepReleases } = args;
    const endpointName = args.endpointName ?? name;
    const problems = endpointProblems({
      name,
      endpointName,
      variant: args.variant,
      keepReleases,
      rollout: args.rollout,
      autoscaling: args.autoscaling,
      tags,
    });
    if (problems.length > 0) throw new pulumi.ResourceError(problems.join("\n"), this, true);
    const scope = awsScope(this);
    const kmsKeyArn = args.createKmsKey
      ? new EncryptionKey(`${name}-encryption`, { scope, endpointName, protect, tags }, child).arn
      : args.kmsKeyArn;

    this.storage = new ModelStorage(
      `${name}-storage`,
      { scope, model: args.model, bucketName: args.bucketName, protect, keepReleases, kmsKeyArn, tags },
      child,
    );
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
      const policy = args.rollout;
      this.rollout = new Rollout(`${name}-rollout`, { endpointName, variantName, policy, tags }, child);
    }
    this.role = new ExecutionRole(
      `${name}-execution`,
      {
        scope,
        endpointName,
        modelData: this.storage.access,
        repositoryArn,
        vpcConfig,
        kmsKeyArn,
        // An endpoint keeps its alarms when the rollout is taken out.
        rollbackAlarmNames: keepReleases ? rollbackAlarmNames(`${name}-rollout`) : undefined,
        tags,
      },
      child,
    );
    this.server = new ModelServer(
      `${name}-server`,
      {
        endpointName,
        imageUri: this.imageUri,
        modelData: this.storage.modelData,
        environment: args.environment ?? {},
        executionRoleArn: this.role.arn,
        variant: {
          ...args.variant,
          initialInstanceCount: firstInstanceCount(args.variant.initialInstanceCount, args.autoscaling),
        },
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
    if (args.autoscaling) {
      const { endpoint } = this.server;
      new Autoscaling(`${name}-autoscaling`, { endpoint, variantName, options: args.autoscaling, tags }, child);
    }
    this.modelDataUrl = this.storage.modelData.url;
    this.registerOutputs({
      endpointName: this.server.endpoint.name,
      endpointArn: this.server.endpoint.arn,
      imageUri: this.imageUri,
      modelDataUrl: this.modelDataUrl,
    });
  }

  #network(name: string, vpc: EndpointVpcConfig, scope: pulumi.Output<AwsScope>, tags: Tags): VpcConfig {
    const { subnets, securityGroupIds, vpcId, routeTableIds } = vpc;
    if (securityGroupIds) return { subnets, securityGroupIds };
    if (vpcId === undefined) {
      throw new pulumi.ResourceError("vpcConfig needs securityGroupIds, or a vpcId in which one is made", this, true);
    }
    const bucketArn = this.storage.bucket.arn;
    const args = { scope, vpcId, subnets, routeTableIds, bucketArn, tags };
    return new Network(`${name}-network`, args, { parent: this }).vpcConfig;
  }
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
