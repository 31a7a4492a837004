import { blackwell, computeCapability, maxwell } from "./gpus.ts";
import { cudaMajorVersion } from "./imageReleases.ts";
import { instanceAccelerator, instanceGpus } from "./instanceTypes.ts";
import { table } from "../text/table.ts";

/**
 * The driver branch of each of SageMaker's host images for GPUs, oldest first.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InferenceAmiVersion)
 */
const drivers: Readonly<Record<string, number | undefined>> = table({
  "al2-ami-sagemaker-inference-gpu-2": 535,
  "al2-ami-sagemaker-inference-gpu-2-1": 535,
  "al2-ami-sagemaker-inference-gpu-3-1": 550,
  "al2023-ami-sagemaker-inference-gpu-4-1": 580,
});

/**
 * The oldest driver branch for each major version of CUDA.
 * Source: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html. NVIDIA's forward
 * compatibility would allow more, but needs libraries that these host images leave to the container:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/container-nvidia-compliance.html
 */
const oldestDrivers: Readonly<Record<number, number | undefined>> = { 12: 525, 13: 580 };

/**
 * The host image whose NVIDIA driver the release's CUDA and the instance type's GPU need, or `undefined` if SageMaker's
 * default is enough: on most GPU types that is driver 470, which NVIDIA supports for the releases before 24.04.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-gpu-drivers.html
 *
 * @param release `YY.MM`
 * @param instanceType a SageMaker hosting instance type
 */
export function inferenceAmiVersionFor(release: string | undefined, instanceType: string): string | undefined {
  if (instanceAccelerator(instanceType) !== "gpu" || release === undefined || release < "24.04") return undefined;
  return newHostImages.find((image) => hostImageProblem(image, instanceType, release) === undefined);
}

/** The host images to choose from: the newest of each driver branch that isn't one of AWS's defaults. */
const newHostImages = ["al2-ami-sagemaker-inference-gpu-3-1", "al2023-ami-sagemaker-inference-gpu-4-1"];

/**
 * Why the host image does not suit the release on the instance type, if so. An unknown host image may be new, so it is
 * allowed.
 *
 * @param inferenceAmiVersion the host image
 * @param instanceType a SageMaker hosting instance type
 * @param release `YY.MM`. Default: unknown
 * @returns what is wrong and what is allowed, to follow the setting's value, or `undefined`
 */
export function hostImageProblem(
  inferenceAmiVersion: string,
  instanceType: string,
  release?: string,
): string | undefined {
  if (instanceAccelerator(instanceType) !== "gpu") {
    return `can't be used with ${instanceType}, because it has no GPU: remove it`;
  }
  const driver = drivers[inferenceAmiVersion];
  if (driver === undefined) return undefined;
  const all = needs(instanceType, release);
  const unserved = all.find((need) => !serves(driver, need));
  if (!unserved) return undefined;
  const { who, oldest, newest } = unserved;
  const range = oldest === undefined ? `${newest ?? ""} or older` : `${oldest} or newer`;
  const fitting = Object.entries(drivers).filter(([, other = 0]) => all.every((need) => serves(other, need)));
  const remedy = fitting.length > 0 ? `use ${fitting.map(([image]) => image).join(" or ")}` : "remove it";
  return `has NVIDIA driver ${driver}, but ${who} needs ${range}: ${remedy}`;
}

/** A range of driver branches, and who needs it. */
interface Need {
  readonly who: string;
  readonly oldest?: number;
  readonly newest?: number;
}

/** Source for GPUs: the data center driver release notes in https://docs.nvidia.com/datacenter/tesla/ */
function needs(instanceType: string, release: string | undefined): Need[] {
  const cuda = release === undefined ? undefined : cudaMajorVersion(release);
  const capability = computeCapability(instanceType);
  const gpu = `the ${instanceGpus(instanceType)?.name ?? ""} of ${instanceType}`;
  return [
    ...(cuda === undefined ? [] : [{ who: `CUDA ${cuda} of ${release ?? ""}-py3`, oldest: oldestDrivers[cuda] }]),
    ...(capability !== undefined && capability >= blackwell ? [{ who: gpu, oldest: 570 }] : []),
    ...(capability !== undefined && capability < maxwell ? [{ who: gpu, newest: 470 }] : []),
  ];
}

function serves(driver: number, { oldest = 0, newest = Infinity }: Need): boolean {
  return driver >= oldest && driver <= newest;
}
