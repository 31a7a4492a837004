import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { copyFile, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import * as prettier from "prettier";
import { findPython } from "../../local/python.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import type { HostingInstance } from "../../sagemaker/hostingInstances.ts";

/** The file with the facts. */
export const hostingInstancesFile = "sagemaker/hostingInstances.json";

/** The part of EC2's DescribeInstanceTypes response that is used. */
interface InstanceTypeInfo {
  readonly VCpuInfo: { readonly DefaultVCpus: number };
  readonly MemoryInfo: { readonly SizeInMiB: number };
  readonly InstanceStorageInfo?: { readonly TotalSizeInGB: number };
  readonly GpuInfo?: {
    readonly Gpus: readonly {
      readonly Manufacturer: string;
      readonly Name: string;
      readonly Count: number;
      readonly MemoryInfo: { readonly SizeInMiB: number };
    }[];
  };
}

/**
 * moto contains AWS's responses to EC2's DescribeInstanceTypes. EC2 no longer offers some types that SageMaker still
 * lists; an earlier release of moto has them.
 */
const releases = ["moto==5.2.5", "moto==5.0.28"] as const;

/**
 * Merges AWS's two lists: SageMaker's hosting types from the AWS SDK, and their facts from EC2. Both versions are
 * pinned, so that the result is reproducible.
 *
 * @returns the content of {@link hostingInstancesFile}
 * @throws MessageError if PyPI can't be reached on first use
 */
export async function hostingInstances(): Promise<string> {
  const [current, former] = await describeInstanceTypes();
  const entries = Object.values(ProductionVariantInstanceType).map((instanceType) => {
    const name = instanceType.replace(/^ml\./, "");
    return [instanceType, factsOf(current[name] ?? former[name])] as const;
  });
  const config = await prettier.resolveConfig(hostingInstancesFile);
  return prettier.format(JSON.stringify(Object.fromEntries(entries)), {
    ...config,
    parser: "json",
    // Prettier keeps an object's first line break, and adds none if the object fits on a line.
    objectWrap: "collapse",
  });
}

/** A type that EC2 doesn't describe has no facts. */
function factsOf(info: InstanceTypeInfo | undefined): HostingInstance {
  if (!info) return {};
  const [gpu] = info.GpuInfo?.Gpus ?? [];
  return {
    vcpus: info.VCpuInfo.DefaultVCpus,
    memorySizeInMib: info.MemoryInfo.SizeInMiB,
    instanceStorageInGb: info.InstanceStorageInfo?.TotalSizeInGB ?? 0,
    ...(gpu && {
      gpus: { name: `${gpu.Manufacturer} ${gpu.Name}`, count: gpu.Count, memorySizeInMib: gpu.MemoryInfo.SizeInMiB },
    }),
  };
}

type InstanceTypes = Readonly<Record<string, InstanceTypeInfo | undefined>>;

async function describeInstanceTypes(): Promise<[InstanceTypes, InstanceTypes]> {
  const installed = await installPythonPackages(cacheDirectory("triton"), await findPython(), {
    title: "EC2's lists of instance types",
    name: `instance-types-${releases.map((release) => release.replace("==", "-")).join("-")}`,
    installs: releases.map((release) => ({ requirements: [release], target: release, dependencies: false })),
    arrange: async (directory) => {
      for (const release of releases) {
        const packages = path.join(directory, release);
        await copyFile(path.join(packages, "moto/ec2/resources/instance_types.json.gz"), `${packages}.json.gz`);
        await rm(packages, { recursive: true });
      }
    },
  });
  const read = async (release: string) => {
    const bytes = await readFile(path.join(installed, `${release}.json.gz`));
    return JSON.parse(gunzipSync(bytes).toString("utf8")) as InstanceTypes;
  };
  return [await read(releases[0]), await read(releases[1])];
}
