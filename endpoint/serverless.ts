import * as z from "zod";
import { either, object, wholeNumber } from "./fields.ts";
import type { Problem } from "./problem.ts";

const memorySizes = [1024, 2048, 3072, 4096, 5120, 6144] as const;
const concurrency = { min: 1, max: 200 };

/**
 * A variant without instances: SageMaker starts containers when requests arrive and stops them afterwards.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
 */
export const serverlessSchema = object({
  memorySizeInMb: z.literal(memorySizes, `must be ${either(memorySizes)}`).meta({
    description: "The memory of each container in MB; CPU power grows with it.",
  }),
  maxConcurrency: wholeNumber(concurrency).meta({ description: "How many requests are processed at the same time." }),
  provisionedConcurrency: wholeNumber(concurrency)
    .optional()
    .meta({ description: "How many containers are kept warm, up to maxConcurrency. Default: none." }),
});

/** A variant without instances. */
export type ServerlessOptions = z.output<typeof serverlessSchema>;

/**
 * The rules for serving without instances.
 *
 * @param serverless the options
 */
export function* serverlessRules({ maxConcurrency, provisionedConcurrency }: ServerlessOptions): Generator<Problem> {
  if (provisionedConcurrency !== undefined && provisionedConcurrency > maxConcurrency) {
    yield {
      path: ["provisionedConcurrency"],
      code: "serverless-provisioned",
      message: `must be at most maxConcurrency, which is ${maxConcurrency}`,
    };
  }
}
