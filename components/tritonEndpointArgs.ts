import type * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import type { endpointFields, endpointSchema } from "../endpoint/schema.ts";
import type { vpcConfigSchema } from "../endpoint/network.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import type { NamedVariant, ProductionVariant, ShadowVariant } from "./productionVariant.ts";
import type { Tags } from "./tags.ts";

/** An image to copy into the stack's own ECR repository. */
export interface CopiedImage {
  /** The release of Triton's image on AWS, for example `26.05-py3`. Not used if `upstreamImage` is given. */
  readonly imageTag?: string;
  /** Pins the upstream image, `sha256:…`. Default: the image that the upstream tag currently points to. */
  readonly imageDigest?: string;
  /** An upstream image to use instead of AWS's, for example `nvcr.io/nvidia/tritonserver:24.10-py3`. */
  readonly upstreamImage?: string;
  /** The ECR repository's name. Default: auto-named by Pulumi. */
  readonly repositoryName?: string;
  /** The architecture that `upstreamImage` is built for, `amd64` or `arm64`. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
  /** Whether tags are immutable. Default: false. */
  readonly immutableTags?: boolean;
}

/** An image that is already in ECR: nothing is copied, and no Docker daemon is needed. */
export interface ExistingImage {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@sha256:…` instead of the tag. */
  readonly imageUri: string;
  /** The architecture it is built for, `amd64` or `arm64`. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
}

/** The endpoint's VPC, with existing security groups or with one created for the endpoint. */
export type EndpointVpcConfig = z.input<typeof vpcConfigSchema>;

type Field<Key extends keyof typeof endpointFields> = z.input<(typeof endpointFields)[Key]>;

/** Arguments of TritonEndpoint. Whatever decides which resources there are is a plain value, not an Input. */
export interface TritonEndpointArgs {
  /** The model: what `loadModel` returns. Required unless every variant has its own. */
  readonly model?: ModelArtifact;
  /** The Triton image. */
  readonly image: CopiedImage | ExistingImage;
  /** What serves the model: instances, or a serverless function. Exactly one of this and `variants`. */
  readonly variant?: ProductionVariant;
  /** Several variants that share the traffic by weight, 1 to 10, instead of `variant`. */
  readonly variants?: readonly NamedVariant[];
  /** A shadow variant, which gets copies of requests and whose answers are discarded. Default: none. */
  readonly shadow?: ShadowVariant;
  /** Queues requests and writes the answers to the bucket. Default: requests are answered at once. */
  readonly asyncInference?: Field<"asyncInference">;
  /** The endpoint's name: up to 63 letters, digits and hyphens. Default: the component's name. */
  readonly endpointName?: string;
  /**
   * The name of the endpoint that an update which changes `endpointName` may delete. Default: none, such an update is
   * refused.
   */
  readonly replaceEndpoint?: string;
  /** The container's environment, for example `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. Default: empty. */
  readonly environment?: pulumi.Input<Readonly<Record<string, string>>>;
  /** The bucket's name. Default: auto-named by Pulumi. */
  readonly bucketName?: string;
  /** Whether to log requests to the bucket, in a separate bucket. Default: false. */
  readonly accessLogging?: boolean;
  /** The VPC. Default: none. */
  readonly vpcConfig?: EndpointVpcConfig;
  /** Whether the container has no network access; SageMaker itself downloads image and model. Default: false. */
  readonly networkIsolation?: boolean;
  /** A KMS key for bucket, repository and volumes. Default: none. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether to create a KMS key for them. Default: false. */
  readonly createKmsKey?: boolean;
  /** Whether bucket, repository and endpoint are protected, and the first two also kept on destroy. Default: false. */
  readonly protect?: boolean;
  /** Whether models, configurations and model data of earlier releases are kept. Default: false. */
  readonly keepReleases?: boolean;
  /**
   * How the endpoint moves to a new release; needs `keepReleases`. Default: all at once, without alarms to roll it
   * back.
   */
  readonly rollout?: Field<"rollout">;
  /**
   * How each variant's instance count follows the load, unless the variant has its own autoscaling. Default: no
   * autoscaling.
   */
  readonly autoscaling?: z.input<typeof endpointSchema>["autoscaling"];
  /** The endpoint's logs, alarms and dashboard. Default: none. */
  readonly monitoring?: Field<"monitoring">;
  /** Which requests and responses to record. Default: none. */
  readonly dataCapture?: Field<"dataCapture">;
  /** Stores core dumps of a crashed model container. Default: none. */
  readonly coreDump?: Field<"coreDump">;
  /** The monthly budget of the service, by its CostService tag. Default: no budget. */
  readonly budget?: Field<"budget">;
  /** Verifies the releases: `watchReleases` of releases/. Default: none; the provider's result is trusted. */
  readonly releaseWatch?: ReleaseWatch;
  /** Tags of every taggable resource. Default: none. */
  readonly tags?: Tags;
}
