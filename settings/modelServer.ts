import * as z from "zod";
import { matching } from "./fields.ts";

const flag = z.boolean("is not allowed: use true or false");
const count = (min: number, max: number) => {
  const error = `is not allowed: use a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
};

/** Triton itself: typed names of what the container takes as `SAGEMAKER_TRITON_…` variables. */
export const modelServerSettings = z.strictObject({
  logVerbose: flag.optional(),
  logInfo: flag.optional(),
  logWarning: flag.optional(),
  logError: flag.optional(),
  shmDefaultByteSize: count(65_536, 2 ** 40).optional(),
  shmGrowthByteSize: count(65_536, 2 ** 40).optional(),
  threadCount: count(1, 1024).optional(),
  bufferManagerThreadCount: count(0, 1024).optional(),
  allowGrpc: flag.optional(),
  grpcPort: count(1024, 65_535).optional(),
  allowMetrics: flag.optional(),
  metricsPort: count(1024, 65_535).optional(),
  modelLoadGpuLimit: z
    .number("is not allowed: use a part of the GPU's memory, above 0 and up to 1")
    .gt(0, "is not allowed: use a part of the GPU's memory, above 0 and up to 1")
    .max(1, "is not allowed: use a part of the GPU's memory, above 0 and up to 1")
    .optional(),
  inferenceType: z
    .enum(["infer", "generate", "generate_stream"], "is not allowed: use infer, generate or generate_stream")
    .optional(),
  overridePingMode: z.enum(["ready", "live"], "is not allowed: use ready or live").optional(),
  loadModels: z
    .array(matching(/^[^/\s]+$/, "use names of folders in the model repository"), "is not allowed: use a list of names")
    .optional(),
});
