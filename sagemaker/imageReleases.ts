import { hasOldGpu, instanceAccelerator } from "./instanceTypes.ts";

/** Which prebuilt ECR repository's account holds a release of Triton's image. */
export type UpstreamRegistry = "sagemaker-tritonserver" | "xgboost-neo";

/** What the tag of a release looks like: year and month of NVIDIA's release, for example `26.05-py3`. */
export const imageTagPattern = /^\d{2}\.(0[1-9]|1[0-2])-py3$/;

/**
 * Whose registry holds the release: from 23.12 on AWS publishes Triton with its Deep Learning Containers; before that, in
 * the account of the Neo images (`xgboost-neo`), as AWS's own sample notebooks of that time show.
 *
 * @param imageTag a release's tag, for example `26.05-py3`
 * @returns the repository name to look the account up by
 */
export function upstreamRegistry(imageTag: string): UpstreamRegistry {
  return isAtLeast(imageTag, "23.12") ? "sagemaker-tritonserver" : "xgboost-neo";
}

/**
 * Why the release can't run on the instance type's GPU, if so.
 * Source: NVIDIA's Triton release notes: from 25.03 on, compute capability 7.5 (Turing) or newer.
 *
 * @param imageTag a release's tag
 * @param instanceType a SageMaker hosting instance type
 * @returns what is wrong and what is allowed, or `undefined`
 */
export function releaseOnInstanceProblem(imageTag: string, instanceType: string): string | undefined {
  if (!isAtLeast(imageTag, "25.03") || !hasOldGpu(instanceType)) return undefined;
  return `needs a GPU of compute capability 7.5 or newer, which ${instanceType} has not: use 24.09-py3 or older, or a newer GPU, for example ml.g4dn.xlarge or ml.g5.xlarge`;
}

/**
 * The host image whose NVIDIA driver the release's CUDA needs, or `undefined` where SageMaker's default serves.
 * 25.08 and later bring CUDA 13, which needs driver 580; 24.04 to 25.07 bring CUDA 12.4 to 12.9, served by driver 550.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InferenceAmiVersion) and
 * NVIDIA's framework support matrix.
 *
 * @param imageTag a release's tag
 * @param instanceType a SageMaker hosting instance type
 */
export function inferenceAmiVersionFor(imageTag: string, instanceType: string): string | undefined {
  if (instanceAccelerator(instanceType) !== "gpu") return undefined;
  if (isAtLeast(imageTag, "25.08")) return "al2023-ami-sagemaker-inference-gpu-4-1";
  if (isAtLeast(imageTag, "24.04")) return "al2-ami-sagemaker-inference-gpu-3-1";
  return undefined;
}

/** Releases are `YY.MM`, so that they compare as texts. */
function isAtLeast(imageTag: string, release: string): boolean {
  return imageTag.slice(0, 5) >= release;
}
