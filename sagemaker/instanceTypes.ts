import { closest, distance } from "../text/nearest.ts";
import { hostingInstance, hostingInstanceTypes, type InstanceGpus } from "./hostingInstances.ts";

/** An instance's accelerator: none, an NVIDIA GPU, or an AWS Neuron or Intel Gaudi chip. */
export type Accelerator = "cpu" | "gpu" | "neuron" | "gaudi";

/** The default instance type. */
export const defaultInstanceType = "ml.m5.large";

/** The parts of a hosting instance type: `ml.g4dn.xlarge` is family `g4dn`, size `xlarge`. */
interface InstanceTypeParts {
  readonly family: string;
  readonly size: string;
}

/** The properties of an instance that decide whether a model loads on it. */
export interface Hardware {
  /** Its accelerator. */
  readonly accelerator: "cpu" | "gpu";
  /** The number of GPUs; absent if AWS's list doesn't have it. */
  readonly gpuCount?: number;
}

/**
 * The instance type's accelerator, read from AWS's family name, so that it is known for new types too: `g`
 * and `p` are NVIDIA GPU families, `inf` and `trn` are Neuron, `dl1` is Gaudi, all others have none.
 * Source: https://aws.amazon.com/sagemaker/ai/pricing/ and https://docs.aws.amazon.com/ec2/latest/instancetypes/
 *
 * @param instanceType a SageMaker hosting instance type, for example `ml.g5.xlarge`
 * @returns `gpu`, `neuron`, `gaudi` or `cpu`; `cpu` also for anything that isn't an instance type
 */
export function instanceAccelerator(instanceType: string): Accelerator {
  const family = parts(instanceType)?.family ?? "";
  if (/^(inf|trn)\d/.test(family)) return "neuron";
  if (family === "dl1") return "gaudi";
  return /^[gp]\d/.test(family) ? "gpu" : "cpu";
}

/**
 * The instance type's NVIDIA GPUs.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns the GPUs, or `undefined` if there are none or AWS's list does not say
 */
export function instanceGpus(instanceType: string): InstanceGpus | undefined {
  return instanceAccelerator(instanceType) === "gpu" ? hostingInstance(instanceType)?.gpus : undefined;
}

/**
 * The number of vCPUs of the instance type: CloudWatch's CPUUtilization of an instance goes up to 100 % for each.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns the number, or `undefined` if AWS's list does not say
 */
export function instanceVcpus(instanceType: string): number | undefined {
  return hostingInstance(instanceType)?.vcpus;
}

/**
 * The properties of instances that decide whether a model loads on all of them.
 *
 * @param instanceTypes SageMaker hosting instance types; none: a serverless function, which has no GPU
 */
export function commonHardware(instanceTypes: readonly string[]): Hardware {
  if (instanceTypes.length === 0 || instanceTypes.some((type) => instanceAccelerator(type) !== "gpu")) {
    return { accelerator: "cpu" };
  }
  const counts = instanceTypes.flatMap((type) => instanceGpus(type)?.count ?? []);
  return { accelerator: "gpu", ...(counts.length > 0 && { gpuCount: Math.min(...counts) }) };
}

/**
 * The instance type's arm64 processor, if it has one: AWS Graviton is a `g` among the letters after the generation digit, as in
 * `m7g` or `c6gn` (`g5` is a GPU family on amd64; `g5g` is not offered for hosting); NVIDIA Grace comes with its GPU, as in
 * `p6e-gb200`. Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns `Graviton`, `Grace`, or `undefined` for amd64
 */
export function armProcessor(instanceType: string): "Graviton" | "Grace" | undefined {
  const family = parts(instanceType)?.family ?? "";
  if (/-gb\d+$/.test(family)) return "Grace";
  return /^[a-z]+\d+[a-z]*g[a-z]*$/.test(family) ? "Graviton" : undefined;
}

/**
 * Checks whether the instance type is burstable (`t2`, `t3`): its processor runs at a baseline and accrues credits.
 *
 * @param instanceType a SageMaker hosting instance type
 */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(parts(instanceType)?.family ?? "");
}

/**
 * Checks whether the instance has local storage (NVMe), so that SageMaker attaches no EBS volume and rejects a volume size.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns false also if AWS's list does not say
 */
export function hasInstanceStorage(instanceType: string): boolean {
  return (hostingInstance(instanceType)?.instanceStorageInGb ?? 0) > 0;
}

/** The properties of an image that decide which instance types can run it. */
export interface ImageKind {
  /** True if it is the user's own image; AWS's runs on amd64 processors and NVIDIA GPUs only. Default: AWS's. */
  readonly ownImage?: boolean;
  /** The architecture it is built for. Default: `amd64`. */
  readonly architecture?: "amd64" | "arm64";
}

/**
 * Why Triton's image can't run on this instance type, if so. A family that the AWS SDK does not know yet may be a new
 * one, so it is allowed with {@link instanceTypeWarning}. A size that a known family does not have is far more often a
 * typo than a new size.
 *
 * @param instanceType the setting's value
 * @param image the image to run on it
 * @returns what is wrong and what is allowed, or `undefined` if nothing is wrong
 */
export function instanceTypeProblem(instanceType: string, image: ImageKind = {}): string | undefined {
  if (!parts(instanceType)) {
    return `must be ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge${nearest(instanceType)}`;
  }
  return unservedProblem(instanceType, image) ?? sizeProblem(instanceType);
}

/**
 * The warning for an instance type that {@link instanceTypeProblem} allows without knowing it.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns a sentence, or `undefined` if the type is known
 */
export function instanceTypeWarning(instanceType: string): string | undefined {
  return hostingInstance(instanceType)
    ? undefined
    : `The instance type ${instanceType} is not on this program's list of AWS's hosting instance types, so its GPUs and storage are not checked${nearest(instanceType)}`;
}

function unservedProblem(
  instanceType: string,
  { ownImage = false, architecture = "amd64" }: ImageKind = {},
): string | undefined {
  const accelerator = instanceAccelerator(instanceType);
  if ((accelerator === "neuron" || accelerator === "gaudi") && !ownImage) {
    const chip = accelerator === "neuron" ? "Neuron" : "Gaudi";
    return `must be an Intel, AMD or NVIDIA type, because Triton's image on AWS doesn't support ${chip} chips: use for example ml.m5.large or ml.g5.xlarge, or your own image with imageUri or upstreamImage`;
  }
  const arm = armProcessor(instanceType);
  if (arm && architecture === "amd64") {
    return ownImage
      ? `must be an amd64 type, because ${arm} is arm64 and imageArchitecture is amd64: use for example ml.m5.large or ml.c7i.large, or set imageArchitecture to arm64 if your image is built for it`
      : `must be an Intel, AMD or NVIDIA type, because ${arm} is arm64 and Triton's image on AWS is amd64 only: use for example ml.m5.large or ml.c7i.large, or your own arm64 image with imageArchitecture`;
  }
  return !arm && architecture === "arm64"
    ? "must be an arm64 type, because imageArchitecture is arm64: use a Graviton type, for example ml.c7g.large, or remove imageArchitecture"
    : undefined;
}

/**
 * A reminder for instance types whose chips only the user's own image can use.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns a sentence without subject, or `undefined` for all other types
 */
export function ownAcceleratorNote(instanceType: string): string | undefined {
  const accelerator = instanceAccelerator(instanceType);
  if (accelerator === "neuron") {
    return "has Neuron chips: your image must include the Neuron runtime and models compiled for it, like AWS's samples of Triton on Inferentia2";
  }
  return accelerator === "gaudi"
    ? "has Gaudi chips: your image must include the Gaudi runtime and models made for it"
    : undefined;
}

function sizeProblem(instanceType: string): string | undefined {
  if (hostingInstance(instanceType)) return undefined;
  const family = `ml.${parts(instanceType)?.family ?? ""}.`;
  const relatives = hostingInstanceTypes.filter((type) => type.startsWith(family));
  if (relatives.length === 0) return undefined;
  const sizes = relatives
    .toSorted((a, b) => (instanceVcpus(a) ?? 0) - (instanceVcpus(b) ?? 0))
    .map((type) => type.slice(family.length));
  return `must be a size that SageMaker offers for hosting: ${sizes.join(", ")}${nearest(instanceType, relatives)}`;
}

/** Suggests the most similar type that Triton's image can run on, if one is similar enough. */
function nearest(instanceType: string, types = hostingInstanceTypes): string {
  const meant = instanceType.replace(/^(ml\.)?/, "ml.");
  const similar = closest(
    meant,
    types.filter((type) => unservedProblem(type) === undefined),
  );
  return distance(meant, similar) <= 4 ? `; did you mean ${similar}?` : "";
}

function parts(instanceType: string): InstanceTypeParts | undefined {
  const match = /^ml\.([a-z]+\d[a-z0-9-]*)\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal)$/.exec(instanceType);
  const [, family, size] = match ?? [];
  return family && size ? { family, size } : undefined;
}
