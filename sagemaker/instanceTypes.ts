/** What computes on an instance beside its processor: nothing, an NVIDIA GPU, or an AWS Neuron chip. */
export type Accelerator = "cpu" | "gpu" | "neuron";

/** The instance type where nothing is said. */
export const defaultInstanceType = "ml.m5.large";

/** A hosting instance type taken apart: `ml.g4dn.xlarge` is family `g4dn`, size `xlarge`. */
interface InstanceTypeParts {
  readonly family: string;
  readonly size: string;
}

/**
 * What the instance type computes with, read from its family as AWS names them: `g` and `p` are NVIDIA GPU families,
 * `inf` and `trn` are Neuron, all others are plain processors.
 * Source: https://aws.amazon.com/sagemaker/ai/pricing/ and https://docs.aws.amazon.com/ec2/latest/instancetypes/
 *
 * @param instanceType a SageMaker hosting instance type, for example `ml.g5.xlarge`
 * @returns `gpu`, `neuron` or `cpu`; `cpu` also for what is no instance type
 */
export function instanceAccelerator(instanceType: string): Accelerator {
  const family = parts(instanceType)?.family ?? "";
  if (/^(inf|trn)\d/.test(family)) return "neuron";
  return /^[gp]\d/.test(family) ? "gpu" : "cpu";
}

/**
 * Whether the processor is AWS Graviton (arm64): a `g` among the letters after the generation digit, as in `m7g` or
 * `c6gn`. `g5` is a GPU family on amd64; `g5g` is not offered for hosting.
 *
 * @param instanceType a SageMaker hosting instance type
 */
export function isGraviton(instanceType: string): boolean {
  return /^[a-z]+\d+[a-z]*g[a-z]*$/.test(parts(instanceType)?.family ?? "");
}

/**
 * Whether the instance type is burstable (`t2`, `t3`): its processor runs at a baseline and saves up credits.
 *
 * @param instanceType a SageMaker hosting instance type
 */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(parts(instanceType)?.family ?? "");
}

/**
 * Whether the instance has storage of its own (NVMe), so that SageMaker attaches no EBS volume and refuses a size for
 * one. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html
 *
 * @param instanceType a SageMaker hosting instance type
 */
export function hasInstanceStorage(instanceType: string): boolean {
  const family = parts(instanceType)?.family ?? "";
  return /^[a-z]+\d+[a-z]*d[a-z]*$/.test(family) || /^(g[5-9]|p[5-9])/.test(family);
}

/**
 * Whether the GPU is older than compute capability 7.5, the least that Triton images from 25.03 on run on: `p2` (Kepler)
 * and `p3` (Volta). Source: NVIDIA's Triton release notes, "GPU requirements".
 *
 * @param instanceType a SageMaker hosting instance type
 */
export function hasOldGpu(instanceType: string): boolean {
  return /^p[23](dn)?$/.test(parts(instanceType)?.family ?? "");
}

/**
 * Why Triton's image can't be served on this instance type, if so.
 *
 * @param instanceType the setting's value
 * @returns what is wrong and what is allowed, or `undefined` where nothing is wrong
 */
export function instanceTypeProblem(instanceType: string): string | undefined {
  if (!parts(instanceType)) {
    return "is no SageMaker instance type: use ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge";
  }
  if (instanceAccelerator(instanceType) === "neuron") {
    return "is a Neuron type, and Triton's image computes on processors and NVIDIA GPUs only: use an Intel, AMD or NVIDIA type, for example ml.m5.large or ml.g5.xlarge";
  }
  if (isGraviton(instanceType)) {
    return "is a Graviton (arm64) type, and Triton's image is for amd64 only: use an Intel or AMD type, for example ml.m5.large or ml.c7i.large";
  }
  return undefined;
}

function parts(instanceType: string): InstanceTypeParts | undefined {
  const match = /^ml\.([a-z]+\d[a-z0-9-]*)\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal)$/.exec(instanceType);
  const [, family, size] = match ?? [];
  return family && size ? { family, size } : undefined;
}
