import type { Finding } from "../repository/finding.ts";
import type { InstanceGroup } from "../config/modelConfigTypes.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { isUnread } from "../repository/unread.ts";
import { table } from "../../text/table.ts";
import { largestVolumeInGb } from "../volumes.ts";

/** A place where models are served, and its capacity. Absent values aren't compared. */
export interface ServingPlace {
  /** Its name in messages, for example `ml.m5.large`. */
  readonly place: string;
  /** The accelerator. Default: `cpu`. */
  readonly accelerator?: "cpu" | "gpu";
  /** The number of GPUs. Default: one, if it has any. */
  readonly gpuCount?: number;
  /** The number of virtual processors. */
  readonly vcpus?: number;
  /** The memory, in bytes. */
  readonly memoryBytes?: number;
  /** The memory of each GPU, in bytes. */
  readonly gpuMemoryBytes?: number;
  /** The size of the storage where models are unpacked, in bytes. */
  readonly volumeBytes?: number;
  /**
   * The kind of that storage: the volume that SageMaker attaches by default, one whose size is set, the instance's
   * local storage, or a serverless container's disk. Default: `set`.
   */
  readonly volumeKind?: "default" | "set" | "own" | "serverless";
}

/** The capacities to check the models against. */
export interface Capacity {
  /** All places that serve these models. Default: only shared memory is checked. */
  readonly places?: readonly ServingPlace[];
  /**
   * `SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE`, for each instance of a Python model. Default: 16 MiB, from the start
   * script.
   */
  readonly shmDefaultByteSize?: number;
}

/**
 * The rules for the models' combined size: files against the volume, loaded models against the memory, and Python
 * models against shared memory.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html for volumes, and those beside the numbers
 * below
 *
 * @param models the repository's models by name
 * @param loaded the names of the loaded ones
 * @param options the capacities
 */
export function* capacityRules(
  models: ReadonlyMap<string, ServedModel>,
  loaded: ReadonlySet<string>,
  { places = [], shmDefaultByteSize = 16 * mebibyte }: Capacity,
): Generator<Finding> {
  const served = [...models.values()].filter(({ name }) => loaded.has(name));
  for (const place of places) {
    const placed = served.map((model) => placeModel(model, place));
    yield* volumeFindings(models, place);
    yield* memoryFindings(placed, place);
    yield* gpuMemoryFindings(placed, place);
  }
  const crowded = (places.length > 0 ? places : [{}])
    .map((place) => sharesOfSharedMemory(served, place, shmDefaultByteSize))
    .toSorted((a, b) => sum(b) - sum(a));
  yield* sharedMemoryFindings(crowded[0] ?? [], shmDefaultByteSize);
}

/** A loaded model: its size, and its number of instances on the processor and on each GPU. */
interface PlacedModel {
  readonly name: string;
  readonly bytes: number;
  readonly onProcessor: number;
  readonly onGpus: ReadonlyMap<number, number>;
  readonly python: boolean;
}

function placeModel(model: ServedModel, { accelerator, gpuCount = 1 }: Partial<ServingPlace>): PlacedModel {
  const { name, config, configPath, completed, loaded, contents } = model;
  const backend = completed?.backend ?? "";
  const folders = loaded.map((version) => `${name}/${version}/`);
  // Whether a model of which nothing is known goes to a GPU is not known either.
  if (configPath !== undefined && isUnread(contents, configPath)) {
    return { name, bytes: 0, onProcessor: 0, onGpus: new Map(), python: false };
  }
  let bytes = 0;
  for (const [path, size] of contents.files) if (folders.some((folder) => path.startsWith(folder))) bytes += size;
  const onGpus = new Map<number, number>();
  let onProcessor = 0;
  const groups: readonly Partial<InstanceGroup>[] = config?.instance_group.length ? config.instance_group : [{}];
  for (const { kind = "KIND_AUTO", count = 0, gpus = [] } of config?.ensemble_scheduling ? [] : groups) {
    if (accelerator === "gpu" && (kind === "KIND_GPU" || kind === "KIND_AUTO")) {
      const all = Array.from({ length: gpuCount }, (_, index) => index);
      for (const gpu of gpus.length > 0 ? gpus : all) onGpus.set(gpu, (onGpus.get(gpu) ?? 0) + Math.max(1, count));
    } else onProcessor += count > 0 ? count : (defaultCounts[backend] ?? 1);
  }
  const python = backend === "python" || backend === "vllm" || config?.runtime === "model.py";
  return { name, bytes, onProcessor, onGpus, python };
}

/**
 * The default number of instances on a processor; 1 for every other backend.
 * Source: `SetDefaultInstanceCount` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 */
const defaultCounts: Readonly<Record<string, number | undefined>> = table({ onnxruntime: 2, tensorflow: 2 });

function* volumeFindings(
  models: ReadonlyMap<string, ServedModel>,
  { volumeBytes, volumeKind = "set", place }: ServingPlace,
): Generator<Finding> {
  const [first] = models.values();
  const bytes = [...(first?.contents.files.values() ?? [])].reduce((sum, size) => sum + size, 0);
  if (volumeBytes === undefined || bytes <= volumeBytes) return;
  const volume = {
    default: `the volume that SageMaker attaches to ${place} by default has about ${gib(volumeBytes)}`,
    set: `the volume of ${place} has ${gib(volumeBytes)}`,
    own: `the storage of ${place}, which takes no volume, has ${gib(volumeBytes)}`,
    serverless: `the disk of a serverless container has ${gib(volumeBytes)}`,
  }[volumeKind];
  const enough = Math.ceil((bytes * 1.2) / gibibyte);
  const isCertain = volumeKind !== "default" || bytes > largestVolumeInGb.default * gibibyte;
  yield {
    code: isCertain ? "volume-exceeded" : "volume-too-small",
    path: ".",
    message: `The repository's files come to ${gib(bytes)}, but ${volume}.`,
    remedy:
      volumeKind === "own" || volumeKind === "serverless" || enough > largestVolumeInGb.set
        ? "Choose an instance type with more storage, or remove files that the models don't need."
        : `Set volumeSizeInGb to ${enough} or more.`,
  };
}

function* memoryFindings(placed: readonly PlacedModel[], { memoryBytes, place }: ServingPlace): Generator<Finding> {
  const shares = placed.map(({ name, bytes, onProcessor }) => ({ name, bytes, instances: onProcessor }));
  if (memoryBytes === undefined || sum(shares) <= memoryBytes) return;
  yield {
    code: "memory-too-small",
    path: ".",
    message: `The models come to ${gib(sum(shares))} (${listed(shares)}), but ${place} has ${gib(memoryBytes)} of memory.`,
    remedy: "Choose an instance type with more memory, or lower count in instance_group.",
  };
}

function* gpuMemoryFindings(
  placed: readonly PlacedModel[],
  { gpuMemoryBytes, place }: ServingPlace,
): Generator<Finding> {
  if (gpuMemoryBytes === undefined) return;
  const gpus = [...new Set(placed.flatMap(({ onGpus }) => [...onGpus.keys()]))].sort((a, b) => a - b);
  const full = gpus
    .map((gpu) => placed.map(({ name, bytes, onGpus }) => ({ name, bytes, instances: onGpus.get(gpu) ?? 0 })))
    .find((shares) => sum(shares) > gpuMemoryBytes);
  if (full === undefined) return;
  yield {
    code: "gpu-memory-too-small",
    path: ".",
    message: `The models on one GPU come to ${gib(sum(full))} (${listed(full)}), but each GPU of ${place} has ${gib(gpuMemoryBytes)}.`,
    remedy:
      "Choose an instance type with larger GPUs, lower count in instance_group, or give each model its own gpus there.",
  };
}

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;

/**
 * The size of /dev/shm in a container. AWS documents none for endpoints; users report Docker's default, and no way to
 * raise it: https://github.com/aws/sagemaker-python-sdk/issues/2801,
 * https://github.com/aws/amazon-sagemaker-examples/issues/3506
 */
const sharedMemoryBytes = 64 * mebibyte;

function sharesOfSharedMemory(served: readonly ServedModel[], place: Partial<ServingPlace>, bytes: number): Share[] {
  return served
    .map((model) => placeModel(model, place))
    .filter(({ python }) => python)
    .map(({ name, onProcessor, onGpus }) => ({
      name,
      bytes,
      instances: [...onGpus.values()].reduce((total, count) => total + count, onProcessor),
    }));
}

function* sharedMemoryFindings(shares: readonly Share[], shmDefaultByteSize: number): Generator<Finding> {
  const needed = sum(shares);
  if (needed <= sharedMemoryBytes) return;
  const instances = shares.reduce((total, share) => total + share.instances, 0);
  const each = Math.floor(sharedMemoryBytes / instances / mebibyte) * mebibyte;
  yield {
    code: "shared-memory-too-small",
    path: ".",
    message: `${instances} instances of Python models start with ${mib(shmDefaultByteSize)} of shared memory each, ${mib(needed)} in total, but a container on SageMaker reportedly has 64 MiB (AWS documents no size).`,
    remedy:
      each > 0
        ? `Set shmDefaultByteSize of modelServer to ${each} or less, or lower count in instance_group.`
        : "Lower count in instance_group.",
  };
}

interface Share {
  readonly name: string;
  readonly bytes: number;
  readonly instances: number;
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { bytes, instances }) => total + bytes * instances, 0);
}

/** The largest first, and no more than fit on a line. */
function listed(shares: readonly Share[]): string {
  const largest = shares.toSorted((a, b) => b.bytes * b.instances - a.bytes * a.instances).slice(0, 3);
  const texts = largest.filter(({ instances }) => instances > 0).map((share) => describeShare(share));
  return texts.join(", ") + (shares.length > largest.length ? ", …" : "");
}

function describeShare({ name, bytes, instances }: Share): string {
  return instances === 1 ? `${name}: ${gib(bytes)}` : `${name}: ${gib(bytes)} × ${instances} instances`;
}

function gib(bytes: number): string {
  if (bytes < gibibyte / 10) return mib(bytes);
  const size = bytes / gibibyte;
  return `${Number.isInteger(size) ? size : size.toFixed(1)} GiB`;
}

function mib(bytes: number): string {
  const size = bytes / mebibyte;
  return `${Number.isInteger(size) ? size : size.toFixed(1)} MiB`;
}
