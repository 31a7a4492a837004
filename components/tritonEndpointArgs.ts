import type * as pulumi from "@pulumi/pulumi";
import type * as z from "zod";
import type { endpointFields, endpointSchema } from "../endpoint/schema.ts";
import type { vpcConfigSchema } from "../endpoint/network.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import type { NamedVariant, ProductionVariant, ShadowVariant } from "./productionVariant.ts";
import type { Tags } from "./tags.ts";

/** An image that is copied into an ECR repository of the stack's own. */
export interface CopiedImage {
  /** The release of Triton's image on AWS, for example `26.05-py3`. Not used where `upstreamImage` is given. */
  readonly imageTag?: string;
  /** Pins the upstream image, `sha256:…`. Default: what the upstream tag stands for at the time. */
  readonly imageDigest?: string;
  /** An upstream image in place of AWS's, for example `nvcr.io/nvidia/tritonserver:24.10-py3`. */
  readonly upstreamImage?: string;
  /** The ECR repository's name. Default: made up by Pulumi. */
  readonly repositoryName?: string;
  /** What processors `upstreamImage` is built for, `amd64` or `arm64`. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
  /** Whether a tag can't be moved to another image. Default: false. */
  readonly immutableTags?: boolean;
}

/** An image that is in ECR already: nothing is copied, and no Docker daemon is needed. */
export interface ExistingImage {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@sha256:…` in place of the tag. */
  readonly imageUri: string;
  /** What processors it is built for, `amd64` or `arm64`. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
}

/** The endpoint's VPC: with security groups that exist, or with one that is created for the endpoint. */
export type EndpointVpcConfig = z.input<typeof vpcConfigSchema>;

type Field<Key extends keyof typeof endpointFields> = z.input<(typeof endpointFields)[Key]>;

/** What a TritonEndpoint is made from. Whatever decides which resources there are is a plain value, not an Input. */
export interface TritonEndpointArgs {
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
  readonly asyncInference?: Field<"asyncInference">;
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
  readonly rollout?: Field<"rollout">;
  /** How each variant's instance count follows the load, where the variant says nothing else. Default: it does not. */
  readonly autoscaling?: z.input<typeof endpointSchema>["autoscaling"];
  /** The endpoint's logs, alarms and dashboard. Default: none. */
  readonly monitoring?: Field<"monitoring">;
  /** Which requests and responses are recorded. Default: none. */
  readonly dataCapture?: Field<"dataCapture">;
  /** Core dumps of a model container that crashes. Default: none. */
  readonly coreDump?: Field<"coreDump">;
  /** What the service, by its CostService tag, may cost in a month. Default: no budget. */
  readonly budget?: Field<"budget">;
  /** What watches over the releases: `watchReleases` of releases/. Default: nobody, and the provider is believed. */
  readonly releaseWatch?: ReleaseWatch;
  /** Tags of every taggable resource. Default: none. */
  readonly tags?: Tags;
}
