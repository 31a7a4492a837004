import { hostingInstance } from "./hostingInstances.ts";
import { largestVolumeInGb } from "../triton/volumes.ts";
import { commonHardware, defaultInstanceType, instanceGpus, instanceVcpus } from "./instanceTypes.ts";

/** The settings that decide a variant's capacity. */
export interface PlaceSettings {
  /** The instance type. Not used if the variant is serverless. */
  readonly instanceType?: string;
  /** The volume's size in GB. Default: SageMaker's. */
  readonly volumeSizeInGb?: number;
  /** The settings of serverless inference. */
  readonly serverless?: { readonly memorySizeInMb: number };
}

/**
 * The capacity that a model has on a variant; facts missing from AWS's list are absent.
 *
 * @param settings the variant's settings
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
    vcpus: instanceVcpus(instanceType),
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
 * The default is half of the memory, up to `largestVolumeInGb.default`. This matches AWS's last published table:
 * https://github.com/awsdocs/amazon-sagemaker-developer-guide/blob/70e5755/doc_source/host-instance-storage.md; the
 * current https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html gives no sizes.
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
  return {
    volumeBytes: Math.min(largestVolumeInGb.default, Math.ceil(memorySizeInMib / 2048)) * gibibyte,
    volumeKind: "default",
  };
}
