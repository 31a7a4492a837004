import facts from "./hostingInstances.json" with { type: "json" };
import { table } from "../text/table.ts";

/** AWS's facts about an instance type; all absent if EC2 doesn't describe it. */
export interface HostingInstance {
  /** The number of vCPUs. */
  readonly vcpus?: number;
  /** Its memory, in MiB. */
  readonly memorySizeInMib?: number;
  /** Its local storage (NVMe), in GB; if 0, SageMaker attaches a volume. */
  readonly instanceStorageInGb?: number;
  /** Its GPUs, all of one kind; absent if it has none. */
  readonly gpus?: InstanceGpus;
}

/** The GPUs of an instance. */
export interface InstanceGpus {
  /** Manufacturer and model, for example `NVIDIA A10G`. */
  readonly name: string;
  /** The number of GPUs. */
  readonly count: number;
  /** The memory of each, in MiB. */
  readonly memorySizeInMib: number;
}

const hostingInstances: Readonly<Record<string, HostingInstance | undefined>> = table(facts);

/**
 * The instance types that SageMaker hosts on, as the AWS SDK lists them (`ProductionVariantInstanceType`). The list is
 * stored next to this file with the facts from EC2's DescribeInstanceTypes, because loading the SDK takes a quarter of
 * a second; `npm run facts` updates it, and a test compares it.
 */
export const hostingInstanceTypes: readonly string[] = Object.keys(facts);

/**
 * Looks up AWS's facts about an instance type.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns the facts, or `undefined` if the AWS SDK doesn't know the type
 */
export function hostingInstance(instanceType: string): HostingInstance | undefined {
  return Object.hasOwn(facts, instanceType) ? hostingInstances[instanceType] : undefined;
}
