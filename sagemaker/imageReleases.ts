import { blackwell, computeCapability } from "./gpus.ts";
import { instanceGpus } from "./instanceTypes.ts";

/** The prebuilt ECR repository whose account holds a release of Triton's image. */
export type UpstreamRegistry = "sagemaker-tritonserver" | "xgboost-neo";

/** The tag of a release: year and month of NVIDIA's release, for example `26.05-py3`. */
export const imageTagPattern = /^\d{2}\.(0[1-9]|1[0-2])-py3$/;

/**
 * The account that holds the release: since 23.12 AWS publishes Triton with its Deep Learning Containers; before that,
 * in the account of the Neo images (`xgboost-neo`), as in AWS's sample notebooks of that time.
 *
 * @param release `YY.MM`. Default: the newest
 * @returns the repository name to look the account up by
 */
export function upstreamRegistry(release?: string): UpstreamRegistry {
  return release === undefined || release >= "23.12" ? "sagemaker-tritonserver" : "xgboost-neo";
}

/**
 * Why the release can't run on the instance type's GPU, if so: before 25.01 NVIDIA builds Triton for compute capability
 * 6.0 (Pascal) to 9.0 (Hopper), since then for 7.5 (Turing) and newer, including Blackwell.
 * Source: https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/rel-25-01.html ("GPU Requirements")
 *
 * @param release `YY.MM`
 * @param instanceType a SageMaker hosting instance type
 * @returns what is wrong and what is allowed, or `undefined`, also if the GPU is not known
 */
export function releaseOnInstanceProblem(release: string, instanceType: string): string | undefined {
  const capability = computeCapability(instanceType);
  if (capability === undefined) return undefined;
  const gpu = `${instanceType} has an ${instanceGpus(instanceType)?.name ?? ""} with ${capability.toFixed(1)}`;
  if (release < "25.01" && capability >= blackwell) {
    return `needs a GPU of compute capability 6.0 to 9.0, but ${gpu}: use 25.04-py3 or newer, or an older GPU, for example ml.g6.xlarge`;
  }
  const least = release >= "25.01" ? 7.5 : 6;
  if (capability >= least) return undefined;
  const older = capability >= 6 ? "24.09-py3 or older, or " : "";
  return `needs a GPU of compute capability ${least.toFixed(1)} or newer, but ${gpu}: use ${older}a newer GPU, for example ml.g4dn.xlarge or ml.g5.xlarge`;
}

/**
 * The major version of CUDA in a release.
 * Source: https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html and
 * https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/rel-25-08.html
 *
 * @param release `YY.MM`
 */
export function cudaMajorVersion(release: string): number {
  if (release >= "25.08") return 13;
  return release >= "23.01" ? 12 : 11;
}
