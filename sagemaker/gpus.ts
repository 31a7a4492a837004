import { instanceGpus } from "./instanceTypes.ts";
import { table } from "../text/table.ts";

/**
 * The compute capability of the GPU models of SageMaker's hosting instance types, by their names in EC2.
 * Source: https://developer.nvidia.com/cuda-gpus and https://developer.nvidia.com/cuda-legacy-gpus
 */
const computeCapabilities: Readonly<Record<string, number | undefined>> = table({
  "NVIDIA K80": 3.7,
  "NVIDIA V100": 7.0,
  "NVIDIA T4": 7.5,
  "NVIDIA A100": 8.0,
  "NVIDIA A10G": 8.6,
  "NVIDIA L4": 8.9,
  "NVIDIA L40S": 8.9,
  "NVIDIA H100": 9.0,
  "NVIDIA H200": 9.0,
  "NVIDIA B200": 10.0,
  "NVIDIA B300": 10.3,
  "NVIDIA RTX PRO 4500": 12.0,
  "NVIDIA RTX PRO Server 6000": 12.0,
});

/** Blackwell is the first architecture with this compute capability. */
export const blackwell = 10;

/** Kepler is the last architecture below this compute capability. */
export const maxwell = 5;

/**
 * The compute capability of the instance type's GPUs, major and minor, for example 7.5.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns `undefined` if there is no GPU or its model isn't known
 */
export function computeCapability(instanceType: string): number | undefined {
  return computeCapabilities[instanceGpus(instanceType)?.name ?? ""];
}
