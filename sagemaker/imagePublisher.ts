import type { ImageNames } from "./imageReleases.ts";
import { imageRepository, imageTagOf, parseEcrImage } from "./imageUri.ts";
import { isPublishingAccount } from "./publishedImages.ts";

/** Who built an image; the contents of AWS's and NVIDIA's are known. */
export type ImagePublisher = "AWS" | "NVIDIA" | "own";

/**
 * Determines who built an image. AWS's is recognised by its repository in one of AWS's publishing accounts, whichever
 * setting names it; NVIDIA's by its repository and a tag of the image with every backend, which has the same start
 * script as AWS's. NVIDIA's other images, and all copies, count as the user's own, because they may contain more or
 * less.
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
 * Explains why NVIDIA's image under a tag can't serve, if so.
 * Source: https://catalog.ngc.nvidia.com/orgs/nvidia/containers/tritonserver and
 * https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/customization_guide/compose.html
 *
 * @param upstreamImage an image reference
 * @returns what is wrong and what is allowed, to follow the reference
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
