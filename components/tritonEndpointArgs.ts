import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { AsyncInferenceOptions } from "../sagemaker/asyncInference.ts";
import type { AutoscalingOptions } from "../sagemaker/autoscaling.ts";
import type { RolloutPolicy } from "../sagemaker/rollout.ts";
import type { Sight } from "../sagemaker/sight.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import type { NamedVariant, ProductionVariant, ShadowVariant } from "./productionVariant.ts";
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
export interface TritonEndpointArgs extends Sight {
  /** The model: what `loadModel` returns. Left out only where every variant has one of its own. */
  readonly model?: ModelArtifact;
  /** The Triton image. */
  readonly image: CopiedImage | ExistingImage;
  /** What serves the model: instances, or a serverless function. Exactly one of this and `variants`. */
  readonly variant?: ProductionVariant;
  /** Several variants that share the traffic by their weights, 1 to 10, in place of `variant`. */
  readonly variants?: readonly NamedVariant[];
  /** A variant that gets copies of requests and whose answers nobody gets. Default: none. */
  readonly shadow?: ShadowVariant;
  /** Queues requests, and answers them into the bucket. Default: requests are answered at once. */
  readonly asyncInference?: AsyncInferenceOptions;
  /** The endpoint's name: up to 63 letters, digits and hyphens. Default: the component's name. */
  readonly endpointName?: string;
  /** The endpoint that an update with another `endpointName` may delete, by its name. Default: none, such an update is refused. */
  readonly replaceEndpoint?: string;
  /** The container's environment, for example `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. Default: empty. */
  readonly environment?: pulumi.Input<Readonly<Record<string, string>>>;
  /** The bucket's name. Default: made up by Pulumi. */
  readonly bucketName?: string;
  /** Whether requests to the bucket are logged, in a bucket of their own. Default: false. */
  readonly accessLogging?: boolean;
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
  /** How each variant's instance count follows the load, where the variant says nothing else. Default: it does not. */
  readonly autoscaling?: AutoscalingOptions;
  /** What watches over the releases: `watchReleases` of releases/. Default: nobody, and the provider is believed. */
  readonly releaseWatch?: ReleaseWatch;
  /** Tags of every taggable resource. Default: none. */
  readonly tags?: Tags;
}
