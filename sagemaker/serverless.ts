import type { Range } from "./limits.ts";

/**
 * A variant without instances: SageMaker starts containers as requests come and stops them afterwards.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
 */
export interface ServerlessConfig {
  /** The memory of each container in MB: 1024, 2048, 3072, 4096, 5120 or 6144; processor power grows with it. */
  readonly memorySizeInMb: number;
  /** How many requests are answered at the same time, 1 to 200. */
  readonly maxConcurrency: number;
  /** For how many of them a container is kept warm, 1 to `maxConcurrency`. Default: none. */
  readonly provisionedConcurrency?: number;
}

/** What SageMaker allows. */
export const serverlessLimits = {
  memorySizeInMb: [1024, 2048, 3072, 4096, 5120, 6144],
  concurrency: { min: 1, max: 200 } satisfies Range,
} as const;

/**
 * Everything that SageMaker would refuse in a serverless configuration.
 *
 * @param config the configuration
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function serverlessProblems({
  memorySizeInMb,
  maxConcurrency,
  provisionedConcurrency,
}: ServerlessConfig): string[] {
  const { min, max } = serverlessLimits.concurrency;
  const sizes: readonly number[] = serverlessLimits.memorySizeInMb;
  const within = (value: number) => Number.isInteger(value) && value >= min && value <= max;
  return [
    ...(sizes.includes(memorySizeInMb)
      ? []
      : [`has a memorySizeInMb of ${memorySizeInMb}: use one of ${sizes.join(", ")}`]),
    ...(within(maxConcurrency)
      ? []
      : [`has a maxConcurrency of ${maxConcurrency}: use a whole number from ${min} to ${max}`]),
    ...(provisionedConcurrency === undefined ||
    (within(provisionedConcurrency) && provisionedConcurrency <= maxConcurrency)
      ? []
      : [
          `has a provisionedConcurrency of ${provisionedConcurrency}: use a whole number from ${min} to its maxConcurrency of ${maxConcurrency}`,
        ]),
  ];
}
