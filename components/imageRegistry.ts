import type * as aws from "@pulumi/aws";
import { getAuthorizationTokenOutput } from "@pulumi/aws/ecr/getAuthorizationToken.js";
import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { getPrebuiltEcrImageOutput } from "@pulumi/aws/sagemaker/getPrebuiltEcrImage.js";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { describeImage } from "../sagemaker/image.ts";
import { upstreamRegistry } from "../sagemaker/imageReleases.ts";
import { copiedImageTag, imageRegistryHost, imageRepository } from "../sagemaker/imageUri.ts";
import { untaggedImagesLifecyclePolicy } from "../sagemaker/resourcePolicies.ts";
import type { ImageRepository } from "./existingParts.ts";
import { isKept } from "./kept.ts";
import { whenKnown } from "./later.ts";
import { orReference } from "./orReference.ts";
import { namedTags, type Tags } from "./tags.ts";

/** Arguments of ImageRegistry. */
export interface ImageRegistryArgs {
  /** The release of Triton's image, for example `26.05-py3`. Not used if `upstreamImage` is given. */
  readonly imageTag: pulumi.Input<string>;
  /** Pins the upstream image, `sha256:…`. Default: the image that the upstream tag currently points to. */
  readonly imageDigest?: pulumi.Input<string>;
  /** An upstream image to use instead of AWS's, for example `nvcr.io/nvidia/tritonserver:24.10-py3`. */
  readonly upstreamImage?: pulumi.Input<string>;
  /** The architecture it is built for. Default: `amd64`. */
  readonly imageArchitecture?: pulumi.Input<"amd64" | "arm64">;
  /** An image that is in the repository already: nothing is copied, and no image expires. Default: one is copied. */
  readonly imageUri?: pulumi.Input<string>;
  /** An existing repository, on which nothing else is changed. Default: one is created. */
  readonly repository?: ImageRepository;
  /** The ECR repository's name. Default: auto-named by Pulumi from the component's name. */
  readonly repositoryName?: pulumi.Input<string>;
  /** Whether tags are immutable. Default: false. */
  readonly immutableTags?: pulumi.Input<boolean>;
  /** Whether the repository stays in AWS when it is replaced, removed from the stack or destroyed. Default: false. */
  readonly protect?: boolean;
  /** Whether to keep it because earlier releases need its images. Default: false. */
  readonly keepReleases?: boolean;
  /** The KMS key that encrypts the images. Changing it replaces the repository. Default: AES256. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the repository. */
  readonly tags: Tags;
}

/**
 * The ECR repository with the upstream Triton image, copied by the Docker daemon of the machine that deploys.
 *
 * Costs what ECR charges for storage: a Triton image has about 8 GB.
 */
export class ImageRegistry extends pulumi.ComponentResource {
  /** The ECR repository. */
  readonly repository: ImageRepository;
  /** The copied image by digest, `<repository>@sha256:…`; resolves once it is pushed. Or the image that was there. */
  readonly imageUri: pulumi.Output<string>;
  /** The upstream image's digest; empty if the image was there. Set `imageDigest` to it to pin this image. */
  readonly upstreamDigest: pulumi.Output<string>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ImageRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ImageRegistry", name, {}, opts);
    this.repository = args.repository ?? this.#made(name, args);
    if (args.imageUri !== undefined) {
      this.imageUri = pulumi.output(args.imageUri);
      this.upstreamDigest = pulumi.output("");
      this.registerOutputs({ imageUri: this.imageUri });
      return;
    }
    const upstream = args.upstreamImage ? pulumi.output(args.upstreamImage) : awsImage(args.imageTag, this);
    const provider = dockerProvider(name, upstream, this);
    const copied = copyImage(name, args, upstream, this.repository.repositoryUrl, { parent: this, provider });
    this.upstreamDigest = copied.upstreamDigest;
    this.imageUri = pulumi.interpolate`${this.repository.repositoryUrl}@${copied.image.sha256Digest}`;
    this.registerOutputs({ imageUri: this.imageUri, upstreamDigest: this.upstreamDigest });
  }

  #made(name: string, args: ImageRegistryArgs): aws.ecr.Repository {
    const kept = isKept(args);
    const repository = new Repository(
      `${name}-repository`,
      {
        name: args.repositoryName,
        imageTagMutability: whenKnown(args.immutableTags, (immutable) => (immutable ? "IMMUTABLE" : "MUTABLE")),
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [
          args.kmsKeyArn === undefined
            ? { encryptionType: "AES256" }
            : { encryptionType: "KMS", kmsKey: args.kmsKeyArn },
        ],
        forceDelete: !kept,
        tags: namedTags(args.tags, args.repositoryName, kept),
      },
      // A different key or name means a new repository, which is created before the old one is deleted. If the old one
      // is kept, it leaves the stack but stays in AWS, which `protect` would forbid.
      { parent: this, retainOnDelete: kept, deleteBeforeReplace: false },
    );
    // An image that others pushed may be untagged and in use.
    if (args.imageUri !== undefined) return repository;
    new LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify(untaggedImagesLifecyclePolicy(14)) },
      // It goes with the repository. One that is replaced has the same id as its successor, which would be deleted.
      { parent: this, retainOnDelete: true },
    );
    return repository;
  }
}

/** The release's image in AWS's registry for the stack's region. */
function awsImage(imageTag: pulumi.Input<string>, parent: pulumi.Resource): pulumi.Output<string> {
  const repositoryName = whenKnown(imageTag, (tag) => upstreamRegistry(describeImage({ imageTag: tag }).release));
  const prebuilt = getPrebuiltEcrImageOutput({ repositoryName, imageTag }, { parent });
  return pulumi
    .all([orReference(prebuilt.registryPath, "sagemaker.registryPath"), repositoryName])
    .apply(([path, registry]) => path.replace(`/${registry}:`, "/sagemaker-tritonserver:"));
}

/**
 * A provider signed in to our registry and, if the upstream image is in ECR, to that registry too: one ECR token works
 * for both.
 */
function dockerProvider(name: string, upstream: pulumi.Output<string>, parent: pulumi.Resource): docker.Provider {
  // The registry belongs to the account, so it is known before the repository exists, even in a preview.
  const token = getAuthorizationTokenOutput({}, { parent });
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
 * Upstream digest → local image → tag → pushed image. The tag contains the digest, so the same image is never pushed
 * twice and a moved upstream tag becomes a new tag here; the earlier image stays in the repository. Tag and trigger read
 * the digest of the local image: an update of a single resource (`--target`) would otherwise push the earlier image under
 * the new one's tag.
 */
function copyImage(
  name: string,
  args: ImageRegistryArgs,
  upstream: pulumi.Output<string>,
  repositoryUrl: pulumi.Output<string>,
  options: { readonly parent: pulumi.Resource; readonly provider: docker.Provider },
): { image: docker.RegistryImage; upstreamDigest: pulumi.Output<string> } {
  const { imageTag, imageDigest, upstreamImage } = args;
  const pinned = whenKnown({ imageDigest, upstreamImage }, (image) => image.imageDigest ?? describeImage(image).digest);
  const current = () =>
    orReference(docker.getRegistryImageOutput({ name: upstream }, options).sha256Digest, "upstream.sha256Digest");
  const upstreamDigest: pulumi.Output<string> =
    pinned === undefined ? current() : pulumi.output(pinned).apply((digest) => pulumi.output(digest ?? current()));
  const local = new docker.RemoteImage(
    `${name}-upstream`,
    {
      name: pulumi.all([upstream, upstreamDigest]).apply(([image, digest]) => `${imageRepository(image)}@${digest}`),
      platform: whenKnown(args.imageArchitecture, (architecture = "amd64") => `linux/${architecture}`),
      keepLocally: true,
    },
    options,
  );
  const digest = pulumi
    .all([local.name as pulumi.Output<string | undefined>, upstreamDigest])
    .apply(([pulled, latest]) => pulled?.split("@")[1] ?? latest);
  const sourceTag = whenKnown({ imageTag, upstreamImage }, (image) => describeImage(image).tag ?? "upstream");
  const tag = new docker.Tag(
    `${name}-tag`,
    {
      sourceImage: local.imageId,
      targetImage: pulumi
        .all([repositoryUrl, sourceTag, digest])
        .apply(([url, source, sourceDigest]) => `${url}:${copiedImageTag(source, sourceDigest)}`),
    },
    options,
  );
  const image = new docker.RegistryImage(
    `${name}-image`,
    { name: tag.targetImage, keepRemotely: true, triggers: { upstreamDigest: digest } },
    // Otherwise the provider would delete the image in service before pushing the new one.
    { ...options, deleteBeforeReplace: false },
  );
  return { image, upstreamDigest };
}
