import type { ImageNames } from "./imageReleases.ts";
import { imageRepository, imageTagOf, parseEcrImage } from "./imageUri.ts";
import { isPublishingAccount } from "./publishedImages.ts";

/** Who built an image: what AWS and NVIDIA put into theirs is known. */
export type ImagePublisher = "AWS" | "NVIDIA" | "own";

/**
 * Who built an image. AWS's is told by its repository in an account that AWS publishes from, wherever it is named; NVIDIA's by
 * its repository and a tag of the image with every backend, which has the same start as AWS's. NVIDIA's other images, and
 * every copy, count as one's own: they may hold more or less.
 * Source: dockerfile_prepare_container_linux in https://github.com/triton-inference-server/server/blob/main/build.py, and
 * https://github.com/aws/deep-learning-containers/issues/3267
 *
 * @param image the settings that identify the image
 */
export function imagePublisher({ imageUri, upstreamImage }: ImageNames = {}): ImagePublisher {
  const image = imageUri ?? upstreamImage;
  if (image === undefined) return "AWS";
  const ecr = parseEcrImage(image);
  if (ecr?.repositoryName === "sagemaker-tritonserver" && isPublishingAccount(ecr.accountId)) return "AWS";
  const isWhole = imageRepository(image) === nvidiasRepository && /^\d{2}\.\d{2}-py3$/.test(imageTagOf(image) ?? "");
  return isWhole ? "NVIDIA" : "own";
}

const nvidiasRepository = "nvcr.io/nvidia/tritonserver";

/**
 * Why NVIDIA's repository has no image under a tag that could serve, if so.
 * Source: https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver and
 * https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/customization_guide/compose.html
 *
 * @param upstreamImage an image reference
 * @returns what is wrong and what is allowed, to be read after the reference
 */
export function nvidiaTagProblem(upstreamImage: string): string | undefined {
  if (imageRepository(upstreamImage) !== nvidiasRepository) return undefined;
  const tag = imageTagOf(upstreamImage);
  if (tag === undefined) {
    return upstreamImage.includes("@")
      ? undefined
      : "must have a tag, because NVIDIA publishes no image under the tag latest: use for example :26.05-py3";
  }
  const [, release = "", kind = ""] =
    /^(\d{2}\.(?:0[1-9]|1[0-2]))(?:\.\d+)?(?:-[a-z0-9]+)*-py3(?:-([a-z0-9-]+))?$/.exec(tag) ?? [];
  if (release === "") {
    return "must have a tag of NVIDIA's, <year>.<month>-py3 or <year>.<month>-<backend>-python-py3: use for example :26.05-py3";
  }
  const lacks = /(^|-)(sdk|min)$/.exec(kind)?.[2];
  if (lacks !== undefined) {
    const what = lacks === "sdk" ? "holds Triton's clients" : "is a base for images of one's own";
    return `can't be served with, because it ${what} and has no server: use :${release}-py3`;
  }
  return kind.startsWith("igpu") ? `is for Jetson, which SageMaker doesn't have: use :${release}-py3` : undefined;
}
