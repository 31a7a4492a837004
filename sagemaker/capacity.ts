import { hostingInstance } from "./hostingInstances.ts";
import { commonHardware, defaultInstanceType, instanceGpus } from "./instanceTypes.ts";

/** What a variant is served on. */
export interface PlaceSettings {
  /** The instance type. Not used where it is serverless. */
  readonly instanceType?: string;
  /** The volume's size, in GB. Default: SageMaker's. */
  readonly volumeSizeInGb?: number;
  /** Serving without instances. */
  readonly serverless?: { readonly memorySizeInMb: number };
}

/**
 * What there is room for where a variant is served; what AWS's list does not say is absent.
 *
 * @param settings what it is served on
 */
export function servingPlace({ instanceType = defaultInstanceType, volumeSizeInGb, serverless }: PlaceSettings) {
  if (serverless) {
    const memoryBytes = serverless.memorySizeInMb * mebibyte;
    return {
      place: "a serverless container",
      memoryBytes,
      volumeBytes: serverlessDisk,
      volumeKind: "serverless",
    } as const;
  }
  const { memorySizeInMib, instanceStorageInGb } = hostingInstance(instanceType) ?? {};
  const gpu = instanceGpus(instanceType);
  return {
    place: instanceType,
    ...commonHardware([instanceType]),
    memoryBytes: memorySizeInMib === undefined ? undefined : memorySizeInMib * mebibyte,
    gpuMemoryBytes: gpu && gpu.memorySizeInMib * mebibyte,
    ...volumeOf(memorySizeInMib, instanceStorageInGb, volumeSizeInGb),
  } as const;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (Memory size) */
const serverlessDisk = 5 * gibibyte;

/**
 * The default: half of the memory, and at most 30 GB. That is what AWS's last published table comes to:
 * https://github.com/awsdocs/amazon-sagemaker-developer-guide/blob/70e5755/doc_source/host-instance-storage.md; today's
 * https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html names no sizes.
 */
function volumeOf(
  memorySizeInMib: number | undefined,
  instanceStorageInGb: number | undefined,
  volumeSizeInGb: number | undefined,
): { volumeBytes?: number; volumeKind?: "default" | "set" | "own" } {
  if (instanceStorageInGb !== undefined && instanceStorageInGb > 0) {
    return { volumeBytes: instanceStorageInGb * 1e9, volumeKind: "own" };
  }
  if (volumeSizeInGb !== undefined) return { volumeBytes: volumeSizeInGb * gibibyte, volumeKind: "set" };
  if (memorySizeInMib === undefined) return {};
  return { volumeBytes: Math.min(30, Math.ceil(memorySizeInMib / 2048)) * gibibyte, volumeKind: "default" };
}
