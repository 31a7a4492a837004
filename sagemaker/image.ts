import { imageDigestOf, imageRepository, imageTagOf, parseEcrImage, type EcrImage } from "./imageUri.ts";
import { nvidiasRepository } from "./nvidiaTags.ts";
import { isPublishingAccount } from "./publishedImages.ts";

/** The settings that identify an image. */
export interface ImageNames {
  /** The release of Triton's image on AWS. */
  readonly imageTag?: string;
  /** An upstream image instead of AWS's. */
  readonly upstreamImage?: string;
  /** An image that is already in ECR. */
  readonly imageUri?: string;
  /** Its processor architecture. Default: `amd64`. */
  readonly imageArchitecture?: "amd64" | "arm64";
}

/** The company that built an image; the contents of AWS's and NVIDIA's are known. */
export type ImagePublisher = "AWS" | "NVIDIA" | "own";

/** An image as its settings describe it. */
export interface Image {
  /**
   * The image's builder. AWS's is recognised by its repository in one of AWS's publishing accounts, whichever setting
   * names it; NVIDIA's by its repository and a tag of the image with every backend, which has the same start script as
   * AWS's. NVIDIA's other images, and all copies, count as the user's own, because they may contain more or less.
   * Source: dockerfile_prepare_container_linux in https://github.com/triton-inference-server/server/blob/main/build.py,
   * and https://github.com/aws/deep-learning-containers/issues/3267
   */
  readonly publisher: ImagePublisher;
  /** Built by the user rather than by AWS or NVIDIA. */
  readonly isOwn: boolean;
  /**
   * NVIDIA's release of the Triton in it, `YY.MM`, read from the tag, so that releases can be compared as strings;
   * absent with another kind of tag, or a digest.
   */
  readonly release?: string;
  /**
   * The middle of the tag of NVIDIA's images for one backend, for example `trtllm-python`; absent for all others. A copy
   * that kept the tag has it, too.
   */
  readonly flavour?: string;
  /** The release if AWS or NVIDIA built the image, so that its contents are known; absent otherwise. */
  readonly knownRelease?: string;
  /** The setting that names it. */
  readonly setting: "imageUri" | "upstreamImage" | "imageTag";
  /** The parts of a reference to an image in ECR; absent for any other. */
  readonly ecr?: EcrImage;
  /** The tag, for example `26.05-py3`; absent if a reference has none. */
  readonly tag?: string;
  /** The reference without tag and digest; absent for AWS's image, whose registry depends on the region. */
  readonly repository?: string;
  /** The digest in the reference, `sha256:…`; absent if it has none. */
  readonly digest?: string;
}

/**
 * Describes the image that settings identify: `imageUri` before `upstreamImage` before `imageTag`. Each property is read
 * from the settings when it is asked for, so a setting that isn't known yet concerns only what depends on it.
 *
 * @param names the settings. Default: AWS's image of an unknown release
 */
export function describeImage(names: ImageNames = {}): Image {
  const { imageTag, upstreamImage, imageUri } = names;
  const reference = imageUri ?? upstreamImage;
  return {
    get publisher() {
      return reference === undefined ? "AWS" : publisherOf(reference);
    },
    get isOwn() {
      return this.publisher === "own";
    },
    get release() {
      return tagOfRelease.exec(this.tag ?? "")?.[1];
    },
    get flavour() {
      return tagOfRelease.exec(this.tag ?? "")?.[2];
    },
    get knownRelease() {
      return this.isOwn ? undefined : this.release;
    },
    get setting() {
      return imageUri === undefined ? (upstreamImage === undefined ? "imageTag" : "upstreamImage") : "imageUri";
    },
    get ecr() {
      return reference === undefined ? undefined : parseEcrImage(reference);
    },
    get tag() {
      return reference === undefined ? imageTag : imageTagOf(reference);
    },
    get repository() {
      return reference === undefined ? undefined : imageRepository(reference);
    },
    get digest() {
      return reference === undefined ? undefined : imageDigestOf(reference);
    },
  };
}

/** NVIDIA's images for one backend are tagged like 25.04-vllm-python-py3. */
const tagOfRelease = /^(\d{2}\.(?:0[1-9]|1[0-2]))(?:-([a-z0-9]+-python))?-py3/;

function publisherOf(reference: string): ImagePublisher {
  const ecr = parseEcrImage(reference);
  if (ecr?.repositoryName === "sagemaker-tritonserver" && isPublishingAccount(ecr.accountId)) return "AWS";
  const isWhole =
    imageRepository(reference) === nvidiasRepository && /^\d{2}\.\d{2}-py3$/.test(imageTagOf(reference) ?? "");
  return isWhole ? "NVIDIA" : "own";
}
