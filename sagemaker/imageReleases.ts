import { blackwell, computeCapability } from "./gpus.ts";
import { imageTagOf } from "./imageUri.ts";
import { instanceGpus } from "./instanceTypes.ts";

/** The prebuilt ECR repository whose account holds a release of Triton's image. */
export type UpstreamRegistry = "sagemaker-tritonserver" | "xgboost-neo";

/** The tag of a release: year and month of NVIDIA's release, for example `26.05-py3`. */
export const imageTagPattern = /^\d{2}\.(0[1-9]|1[0-2])-py3$/;

/**
 * The account that holds the release: since 23.12 AWS publishes Triton with its Deep Learning Containers; before that,
 * in the account of the Neo images (`xgboost-neo`), as in AWS's sample notebooks of that time.
 *
 * @param imageTag a release's tag, for example `26.05-py3`
 * @returns the repository name to look the account up by
 */
export function upstreamRegistry(imageTag: string): UpstreamRegistry {
  return isAtLeast(imageTag, "23.12") ? "sagemaker-tritonserver" : "xgboost-neo";
}

/**
 * Why the release can't run on the instance type's GPU, if so: before 25.01 NVIDIA builds Triton for compute capability
 * 6.0 (Pascal) to 9.0 (Hopper), since then for 7.5 (Turing) and newer, including Blackwell.
 * Source: https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/rel-25-01.html ("GPU Requirements")
 *
 * @param imageTag a release's tag
 * @param instanceType a SageMaker hosting instance type
 * @returns what is wrong and what is allowed, or `undefined`, also if the GPU is not known
 */
export function releaseOnInstanceProblem(imageTag: string, instanceType: string): string | undefined {
  const capability = computeCapability(instanceType);
  if (capability === undefined) return undefined;
  const gpu = `${instanceType} has an ${instanceGpus(instanceType)?.name ?? ""} with ${capability.toFixed(1)}`;
  if (!isAtLeast(imageTag, "25.01") && capability >= blackwell) {
    return `needs a GPU of compute capability 6.0 to 9.0, but ${gpu}: use 25.04-py3 or newer, or an older GPU, for example ml.g6.xlarge`;
  }
  const least = isAtLeast(imageTag, "25.01") ? 7.5 : 6;
  if (capability >= least) return undefined;
  const older = capability >= 6 ? "24.09-py3 or older, or " : "";
  return `needs a GPU of compute capability ${least.toFixed(1)} or newer, but ${gpu}: use ${older}a newer GPU, for example ml.g4dn.xlarge or ml.g5.xlarge`;
}

/**
 * The major version of CUDA in a release.
 * Source: https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html and
 * https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/rel-25-08.html
 *
 * @param imageTag a release's tag
 */
export function cudaMajorVersion(imageTag: string): number {
  if (isAtLeast(imageTag, "25.08")) return 13;
  return isAtLeast(imageTag, "23.01") ? 12 : 11;
}

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

/**
 * The NVIDIA release of an image, read from its tag: `nvcr.io/nvidia/tritonserver:24.10-py3` is 24.10-py3.
 *
 * @param image the settings that identify the image
 * @returns the release's tag, or `undefined` for an image with another kind of tag or a digest
 */
export function releaseOf({ imageTag, upstreamImage, imageUri }: ImageNames): string | undefined {
  const image = imageUri ?? upstreamImage;
  const tag = (image === undefined ? imageTag : imageTagOf(image)) ?? "";
  // NVIDIA's images for one backend are tagged like 25.04-vllm-python-py3.
  const release = /^(\d{2}\.(?:0[1-9]|1[0-2]))(?:-[a-z0-9]+-python)?-py3/.exec(tag)?.[1];
  return release && `${release}-py3`;
}

/** Releases are `YY.MM`, so they can be compared as strings. */
function isAtLeast(imageTag: string, release: string): boolean {
  return imageTag.slice(0, 5) >= release;
}
