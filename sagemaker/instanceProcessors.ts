/**
 * How many virtual processors an instance has. A size says so in every family that hosts models: `large` has two,
 * `xlarge` four, `<n>xlarge` n times as many; `c4.8xlarge` alone has 36.
 * Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/ (specifications by family)
 *
 * @param instanceType a SageMaker hosting instance type, for example `ml.r5.xlarge`
 * @returns the number, or `undefined` where the size does not say it
 */
export function vcpuCount(instanceType: string): number | undefined {
  if (instanceType === "ml.c4.8xlarge") return 36;
  const size = instanceType.split(".").at(-1) ?? "";
  if (size === "medium" || size === "large") return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times || "1");
}

/** The sizes that have several GPUs, by the family's name; every other size has one. */
const gpuCounts: readonly (readonly [family: RegExp, counts: Readonly<Record<string, number>>])[] = [
  [/^p2$/, { "8xlarge": 8, "16xlarge": 16 }],
  [/^p3$/, { "8xlarge": 4, "16xlarge": 8 }],
  [/^p(3dn|4de?)$/, { "24xlarge": 8 }],
  [/^p(5|5en?|6-b\d+)$/, { "48xlarge": 8 }],
  [/^g4dn$/, { "12xlarge": 4 }],
  [/^g(5|6e?)$/, { "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 }],
  [/^g7e$/, { "12xlarge": 2, "24xlarge": 4, "48xlarge": 8 }],
];

/**
 * How many GPUs an instance of a GPU family has.
 * Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html (accelerator specifications)
 *
 * @param instanceType a SageMaker hosting instance type of a GPU family, for example `ml.g5.12xlarge`
 */
export function gpuCount(instanceType: string): number {
  const [, family = "", size = ""] = instanceType.split(".");
  return gpuCounts.find(([pattern]) => pattern.test(family))?.[1][size] ?? 1;
}
