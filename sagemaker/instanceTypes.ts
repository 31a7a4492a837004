import { closest, distance } from "fastest-levenshtein";
import { hostingInstance, hostingInstanceTypes, type InstanceGpus } from "./hostingInstances.ts";

/** What computes on an instance beside its processor: nothing, an NVIDIA GPU, an AWS Neuron or an Intel Gaudi chip. */
export type Accelerator = "cpu" | "gpu" | "neuron" | "gaudi";

/** The instance type where nothing is said. */
export const defaultInstanceType = "ml.m5.large";

/** A hosting instance type taken apart: `ml.g4dn.xlarge` is family `g4dn`, size `xlarge`. */
interface InstanceTypeParts {
  readonly family: string;
  readonly size: string;
}

/** What of an instance decides whether a model loads on it. */
export interface Hardware {
  /** What it computes with. */
  readonly accelerator: "cpu" | "gpu";
  /** How many GPUs it has; absent where AWS's list does not say. */
  readonly gpuCount?: number;
}

/**
 * What the instance type computes with, read from its family as AWS names them, so that it is known of new types too: `g`
 * and `p` are NVIDIA GPU families, `inf` and `trn` are Neuron, `dl1` is Gaudi, all others are plain processors.
 * Source: https://aws.amazon.com/sagemaker/ai/pricing/ and https://docs.aws.amazon.com/ec2/latest/instancetypes/
 *
 * @param instanceType a SageMaker hosting instance type, for example `ml.g5.xlarge`
 * @returns `gpu`, `neuron`, `gaudi` or `cpu`; `cpu` also for what is no instance type
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
 * @returns the GPUs, or `undefined` where there are none, or where AWS's list does not say
 */
export function instanceGpus(instanceType: string): InstanceGpus | undefined {
  return instanceAccelerator(instanceType) === "gpu" ? hostingInstance(instanceType)?.gpus : undefined;
}

/**
 * How many virtual processors the instance type has: CloudWatch's CPUUtilization of an instance goes up to 100 % for each.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns the number, or `undefined` where AWS's list does not say
 */
export function instanceVcpus(instanceType: string): number | undefined {
  return hostingInstance(instanceType)?.vcpus;
}

/**
 * What of instances decides whether a model loads on every one of them.
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
 * Whose arm64 processor the instance type has: AWS Graviton is a `g` among the letters after the generation digit, as in
 * `m7g` or `c6gn` (`g5` is a GPU family on amd64; `g5g` is not offered for hosting); NVIDIA Grace comes with its GPU, as in
 * `p6e-gb200`. Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns `Graviton`, `Grace`, or `undefined` where the processor is for amd64
 */
export function armProcessor(instanceType: string): "Graviton" | "Grace" | undefined {
  const family = parts(instanceType)?.family ?? "";
  if (/-gb\d+$/.test(family)) return "Grace";
  return /^[a-z]+\d+[a-z]*g[a-z]*$/.test(family) ? "Graviton" : undefined;
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
 * @returns false also where AWS's list does not say
 */
export function hasInstanceStorage(instanceType: string): boolean {
  return (hostingInstance(instanceType)?.instanceStorageInGb ?? 0) > 0;
}

/** What of an image decides which instance types serve it. */
export interface ImageKind {
  /** Whether it is not AWS's, which is for amd64 and computes on processors and NVIDIA GPUs. Default: AWS's. */
  readonly ownImage?: boolean;
  /** What processors it is built for. Default: `amd64`. */
  readonly architecture?: "amd64" | "arm64";
}

/**
 * Why Triton's image can't be served on this instance type, if so. A family that the AWS SDK does not know yet may be a new
 * one, and AWS has the last word on it: it is let through, with {@link instanceTypeWarning}. A size that a known family
 * does not have is a slip of the pen far more often than news.
 *
 * @param instanceType the setting's value
 * @param image what is served on it
 * @returns what is wrong and what is allowed, or `undefined` where nothing is wrong
 */
export function instanceTypeProblem(instanceType: string, image: ImageKind = {}): string | undefined {
  if (!parts(instanceType)) {
    return `is no SageMaker instance type: use ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge${nearest(instanceType)}`;
  }
  return unservedProblem(instanceType, image) ?? sizeProblem(instanceType);
}

/**
 * What to say of an instance type that {@link instanceTypeProblem} lets through without knowing it.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns a sentence, or `undefined` where the type is known
 */
export function instanceTypeWarning(instanceType: string): string | undefined {
  return hostingInstance(instanceType)
    ? undefined
    : `The instance type ${instanceType} is not on AWS's list of hosting instance types that this program knows. SageMaker decides whether it exists; its GPUs and its storage are not checked${nearest(instanceType)}`;
}

function unservedProblem(
  instanceType: string,
  { ownImage = false, architecture = "amd64" }: ImageKind = {},
): string | undefined {
  const accelerator = instanceAccelerator(instanceType);
  if ((accelerator === "neuron" || accelerator === "gaudi") && !ownImage) {
    const chip = accelerator === "neuron" ? "Neuron" : "Gaudi";
    return `is a ${chip} type, and Triton's image on AWS computes on processors and NVIDIA GPUs only: use an Intel, AMD or NVIDIA type, for example ml.m5.large or ml.g5.xlarge, or serve an image of your own with imageUri or upstreamImage`;
  }
  const arm = armProcessor(instanceType);
  if (arm && architecture === "amd64") {
    return ownImage
      ? `is a ${arm} (arm64) type: set imageArchitecture to arm64 if your image is built for it, or use an Intel or AMD type, for example ml.m5.large or ml.c7i.large`
      : `is a ${arm} (arm64) type, and Triton's image on AWS is for amd64 only: use an Intel or AMD type, for example ml.m5.large or ml.c7i.large, or serve an arm64 image of your own with imageArchitecture`;
  }
  return !arm && architecture === "arm64"
    ? "is an amd64 type, and imageArchitecture is arm64: use a Graviton type, for example ml.c7g.large, or remove imageArchitecture"
    : undefined;
}

/**
 * What to see to where an instance type computes with chips that only an image of the user's own makes use of.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns a sentence without subject, or `undefined` for all other types
 */
export function ownAcceleratorNote(instanceType: string): string | undefined {
  const accelerator = instanceAccelerator(instanceType);
  if (accelerator === "neuron") {
    return "computes on Neuron chips: your image must bring the Neuron runtime and models compiled for it, as AWS's samples of Triton on Inferentia2 do";
  }
  return accelerator === "gaudi"
    ? "computes on Gaudi chips: your image must bring their runtime and models made for it"
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
  return `is not offered by SageMaker for hosting: of this family there are ${sizes.join(", ")}${nearest(instanceType, relatives)}`;
}

/** Asks for the type that may be meant: the most similar that Triton's image can be served on, where it is similar. */
function nearest(instanceType: string, types = hostingInstanceTypes): string {
  const meant = instanceType.replace(/^(ml\.)?/, "ml.");
  const similar = closest(
    meant,
    types.filter((type) => unservedProblem(type) === undefined),
  );
  return distance(meant, similar) <= 4 ? `; do you mean ${similar}?` : "";
}

function parts(instanceType: string): InstanceTypeParts | undefined {
  const match = /^ml\.([a-z]+\d[a-z0-9-]*)\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal)$/.exec(instanceType);
  const [, family, size] = match ?? [];
  return family && size ? { family, size } : undefined;
}
