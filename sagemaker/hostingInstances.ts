import facts from "./hostingInstances.json" with { type: "json" };

/** What AWS says of an instance type; nothing of one that EC2 does not describe. */
export interface HostingInstance {
  /** How many virtual processors it has. */
  readonly vcpus?: number;
  /** Its memory, in MiB. */
  readonly memorySizeInMib?: number;
  /** Its own storage (NVMe), in GB; 0: it has none, and SageMaker attaches a volume. */
  readonly instanceStorageInGb?: number;
  /** Its GPUs, all of one kind; absent where it has none. */
  readonly gpus?: InstanceGpus;
}

/** The GPUs of an instance. */
export interface InstanceGpus {
  /** Manufacturer and model, for example `NVIDIA A10G`. */
  readonly name: string;
  /** How many. */
  readonly count: number;
  /** The memory of each, in MiB. */
  readonly memorySizeInMib: number;
}

const hostingInstances: Readonly<Record<string, HostingInstance | undefined>> = facts;

/**
 * The instance types that SageMaker hosts on, as the AWS SDK lists them (`ProductionVariantInstanceType`). The list is
 * kept beside this file with what EC2's DescribeInstanceTypes says of each, because loading the SDK takes a quarter of a
 * second; `npm run facts` makes it anew, and a test compares.
 */
export const hostingInstanceTypes: readonly string[] = Object.keys(facts);

/**
 * What AWS says of an instance type.
 *
 * @param instanceType a SageMaker hosting instance type
 * @returns the facts, or `undefined` where the AWS SDK does not know the type
 */
export function hostingInstance(instanceType: string): HostingInstance | undefined {
  return Object.hasOwn(facts, instanceType) ? hostingInstances[instanceType] : undefined;
}
