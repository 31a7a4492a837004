import * as z from "zod";
import {
  conflictingVariables,
  leastShmDefaultByteSize,
  shmDefaultByteSize,
  serverEnvironment,
  type ServerSettings,
} from "../sagemaker/serverEnvironment.ts";
import { environmentLimits } from "../sagemaker/limits.ts";
import { flag, matching, object, oneOf, wholeNumber } from "./fields.ts";
import type { Problem } from "./problem.ts";

const port = { min: 1024, max: 65_535 };
const bytes = { min: 65_536, max: 2 ** 40 };
const shmDefault = { min: leastShmDefaultByteSize(), max: bytes.max };
const gpuShare = "must be a share of the GPU's memory: above 0, at most 1";

/** Triton's own options by typed names; absent ones are left to the container. */
export const modelServerSchema = object({
  logVerbose: flag().optional().meta({ description: "Whether every request is logged. Default: false." }),
  logInfo: flag().optional().meta({ description: "Whether information is logged. Default: true." }),
  logWarning: flag().optional().meta({ description: "Whether warnings are logged. Default: true." }),
  logError: flag().optional().meta({ description: "Whether errors are logged. Default: true." }),
  shmDefaultByteSize: wholeNumber(shmDefault).optional().meta({
    description: "Shared memory that each Python model instance starts with, in bytes. Default: 16777216 (16 MiB).",
  }),
  shmGrowthByteSize: wholeNumber(bytes)
    .optional()
    .meta({ description: "How much that shared memory grows at a time, in bytes. Default: 1048576 (1 MiB)." }),
  threadCount: wholeNumber({ min: 1, max: 1024 })
    .optional()
    .meta({ description: "Threads that accept requests. Default: 8." }),
  bufferManagerThreadCount: wholeNumber({ min: 0, max: 1024 })
    .optional()
    .meta({ description: "Threads that copy buffers. Default: 0." }),
  allowGrpc: flag()
    .optional()
    .meta({ description: "Whether Triton's gRPC endpoint listens inside the container. Default: false." }),
  grpcPort: wholeNumber(port).optional().meta({ description: "The gRPC endpoint's port. Default: 8001." }),
  allowMetrics: flag()
    .optional()
    .meta({ description: "Whether Triton's metrics endpoint listens inside the container. Default: false." }),
  metricsPort: wholeNumber(port).optional().meta({ description: "The metrics endpoint's port. Default: 8002." }),
  modelLoadGpuLimit: z
    .number(gpuShare)
    .gt(0, gpuShare)
    .max(1, gpuShare)
    .optional()
    .meta({ description: "The share of each GPU's memory above which no more models are loaded. Default: 1." }),
  inferenceType: oneOf(["infer", "generate", "generate_stream"])
    .optional()
    .meta({ description: "What /invocations does; needs release 25.03 or newer. Default: infer." }),
  overridePingMode: oneOf(["ready", "live"]).optional().meta({
    description: "Whether /ping reports that the default model is ready or that the server is live. Default: ready.",
  }),
  loadModels: z
    .array(
      matching(/^(?!\.{1,2}$|\*$)[^/\s]+$/, "the name of a folder in the model repository, without spaces"),
      "must be a list of model names",
    )
    .optional()
    .meta({
      description:
        "Models to load besides the default model and its ensemble's steps, for example models that a Python model calls. Default: none.",
    }),
});

/**
 * The rule that a typed setting and an environment variable for the same option must not differ.
 *
 * @param settings the settings that become environment variables
 */
export function* serverEnvironmentRules(settings: ServerSettings): Generator<Problem> {
  for (const name of conflictingVariables(settings)) {
    yield {
      path: ["environment", name],
      code: "environment-conflict",
      message: "must be the same as the value that defaultModelName or modelServer gives it: set it in one place",
    };
  }
}

/**
 * The rule that the names of the models to load fit into the one variable that they become.
 *
 * @param settings the settings that become environment variables
 */
export function* loadModelsRules({ modelServer }: ServerSettings): Generator<Problem> {
  const { SAGEMAKER_TRITON_ADDITIONAL_ARGS: text = "" } = serverEnvironment({ modelServer, environment: {} });
  if (text.length <= environmentLimits.value) return;
  yield {
    path: ["modelServer", "loadModels"],
    code: "load-models-length",
    message: `must come to at most ${environmentLimits.value} characters as --load-model=<name> for each, because SageMaker allows a variable no more, but come to ${text.length}: use fewer models or shorter names`,
  };
}

/**
 * The rule for the initial shared memory of a Python model, whose backend exits if it is too small.
 *
 * @param settings the settings that become environment variables
 * @param release `YY.MM` of the image's Triton. Default: unknown, which means the newest
 */
export function* shmRules(settings: ServerSettings, release?: string): Generator<Problem> {
  const bytes = shmDefaultByteSize(serverEnvironment(settings));
  const least = leastShmDefaultByteSize(release);
  if (bytes === undefined || bytes >= least) return;
  const { SAGEMAKER_TRITON_ADDITIONAL_ARGS: args = "", SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: variable } =
    settings.environment;
  const name = args.includes("shm-default-byte-size")
    ? "SAGEMAKER_TRITON_ADDITIONAL_ARGS"
    : variable === undefined
      ? undefined
      : "SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE";
  yield {
    path: name === undefined ? ["modelServer", "shmDefaultByteSize"] : ["environment", name],
    code: "shm-default",
    message: `must be ${least} or more, because the Python backend of Triton ${release ?? "of every release"} refuses less`,
  };
}
