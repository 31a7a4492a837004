import { imageRepository, imageTagOf } from "./imageUri.ts";

/** The repository of NVIDIA's images of Triton. */
export const nvidiasRepository = "nvcr.io/nvidia/tritonserver";

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
    const what = lacks === "sdk" ? "holds Triton's clients" : "is a base for your own images";
    return `can't be served with, because it ${what} and has no server: use :${release}-py3`;
  }
  return kind.startsWith("igpu") ? `is for Jetson, which SageMaker doesn't have: use :${release}-py3` : undefined;
}
