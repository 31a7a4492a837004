import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { upstreamRegistry } from "../sagemaker/imageReleases.ts";
import {
  copiedImageTag,
  imageDigestOf,
  imageRegistryHost,
  imageRepository,
  imageTagOf,
} from "../sagemaker/imageUri.ts";
import { untaggedImagesLifecyclePolicy } from "../sagemaker/resourcePolicies.ts";
import { isKept } from "./kept.ts";
import type { Tags } from "./tags.ts";

/** What an ImageRegistry is made from. */
export interface ImageRegistryArgs {
  /** The release of Triton's image, for example `26.05-py3`. Not used where `upstreamImage` is given. */
  readonly imageTag: string;
  /** Pins the upstream image, `sha256:…`. Default: what the upstream tag stands for at the time. */
  readonly imageDigest?: string;
  /** An upstream image in place of AWS's, for example `nvcr.io/nvidia/tritonserver:24.10-py3`. */
  readonly upstreamImage?: string;
  /** What processors it is built for. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
  /** The ECR repository's name. Default: made up by Pulumi from the component's name. */
  readonly repositoryName?: string;
  /** Whether a tag can't be moved to another image. Default: false. */
  readonly immutableTags?: boolean;
  /** Whether the repository stays in AWS when it is replaced, taken out or destroyed. Default: false. */
  readonly protect?: boolean;
  /** Whether it stays so because earlier releases need its images. Default: false. */
  readonly keepReleases?: boolean;
  /** The KMS key that encrypts the images. It can't be changed later: the repository is replaced. Default: AES256. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the repository. */
  readonly tags: Tags;
}

/**
 * The ECR repository and in it the upstream Triton image, copied by the Docker daemon of the machine that deploys.
 *
 * Costs what ECR charges for the bytes stored: a Triton image has about 8 GB.
 */
export class ImageRegistry extends pulumi.ComponentResource {
  /** The ECR repository. */
  readonly repository: aws.ecr.Repository;
  /** The copied image by digest, `<repository>@sha256:…`; resolves once it is pushed. */
  readonly imageUri: pulumi.Output<string>;
  /** The upstream image's digest: what `imageDigest` takes to pin this very image. */
  readonly upstreamDigest: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ImageRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ImageRegistry", name, {}, opts);
    const kept = isKept(args);

    this.repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        name: args.repositoryName,
        imageTagMutability: args.immutableTags ? "IMMUTABLE" : "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [
          args.kmsKeyArn === undefined
            ? { encryptionType: "AES256" }
            : { encryptionType: "KMS", kmsKey: args.kmsKeyArn },
        ],
        forceDelete: !kept,
        tags: args.tags,
      },
      // Another key or name means another repository: it takes over before the one that serves is let go. Kept, that one
      // leaves the stack and stays in AWS, which `protect` would refuse.
      { parent: this, retainOnDelete: kept, deleteBeforeReplace: false },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: this.repository.name, policy: JSON.stringify(untaggedImagesLifecyclePolicy(14)) },
      { parent: this, retainOnDelete: kept },
    );

    const upstream = args.upstreamImage ? pulumi.output(args.upstreamImage) : awsImage(args.imageTag, this);
    const provider = dockerProvider(name, upstream, this);
    const copied = copyImage(name, args, upstream, this.repository.repositoryUrl, { parent: this, provider });
    this.upstreamDigest = copied.upstreamDigest;
    this.imageUri = pulumi.interpolate`${this.repository.repositoryUrl}@${copied.image.sha256Digest}`;
    this.registerOutputs({ imageUri: this.imageUri, upstreamDigest: this.upstreamDigest });
  }
}

/** The release's image in the registry of AWS that serves the stack's region. */
function awsImage(imageTag: string, parent: pulumi.Resource): pulumi.Output<string> {
  const registry = upstreamRegistry(imageTag);
  const prebuilt = aws.sagemaker.getPrebuiltEcrImageOutput({ repositoryName: registry, imageTag }, { parent });
  return prebuilt.registryPath.apply((path) => path.replace(`/${registry}:`, "/sagemaker-tritonserver:"));
}

/** Signed in to our registry and, where the upstream image is in ECR, to that one: an ECR token serves both. */
function dockerProvider(name: string, upstream: pulumi.Output<string>, parent: pulumi.Resource): docker.Provider {
  // The registry is the account's, whatever the repository: it is known before there is one, also in a preview.
  const token = aws.ecr.getAuthorizationTokenOutput({}, { parent });
  const registryAuth = pulumi
    .all([token.proxyEndpoint, upstream, token.userName, pulumi.secret(token.password)])
    .apply(([proxyEndpoint, upstreamImage, username, password]) => {
      const upstreamHost = `https://${imageRegistryHost(upstreamImage)}`;
      const addresses = [proxyEndpoint, ...(upstreamHost.includes(".dkr.ecr.") ? [upstreamHost] : [])];
      return [...new Set(addresses)].map((address) => ({ address, username, password }));
    });
  return new docker.Provider(`${name}-docker`, { registryAuth }, { parent });
}

/**
 * Upstream digest → local image → tag → pushed image. The tag carries the upstream digest, so that the same image is never
 * pushed twice and a moved upstream tag is a new one here; the earlier image stays in the repository.
 */
function copyImage(
  name: string,
  args: ImageRegistryArgs,
  upstream: pulumi.Output<string>,
  repositoryUrl: pulumi.Output<string>,
  options: { readonly parent: pulumi.Resource; readonly provider: docker.Provider },
): { image: docker.RegistryImage; upstreamDigest: pulumi.Output<string> } {
  const pinned = args.imageDigest ?? (args.upstreamImage && imageDigestOf(args.upstreamImage));
  const upstreamDigest = pinned
    ? pulumi.output(pinned)
    : docker.getRegistryImageOutput({ name: upstream }, options).sha256Digest;
  const local = new docker.RemoteImage(
    `${name}-upstream`,
    {
      name: pulumi.all([upstream, upstreamDigest]).apply(([image, digest]) => `${imageRepository(image)}@${digest}`),
      platform: `linux/${args.imageArchitecture ?? "amd64"}`,
      keepLocally: true,
    },
    options,
  );
  const sourceTag = args.upstreamImage ? (imageTagOf(args.upstreamImage) ?? "upstream") : args.imageTag;
  const tag = new docker.Tag(
    `${name}-tag`,
    {
      sourceImage: local.imageId,
      targetImage: pulumi
        .all([repositoryUrl, upstreamDigest])
        .apply(([url, digest]) => `${url}:${copiedImageTag(sourceTag, digest)}`),
    },
    options,
  );
  const image = new docker.RegistryImage(
    `${name}-image`,
    { name: tag.targetImage, keepRemotely: true, triggers: { upstreamDigest } },
    // The provider would otherwise delete the image that is being served before it pushes the new one.
    { ...options, deleteBeforeReplace: false },
  );
  return { image, upstreamDigest };
}
