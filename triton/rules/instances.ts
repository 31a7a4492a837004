import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import type { ServedImage } from "./releases.ts";

/** Backends that need an NVIDIA GPU to load a model. */
const gpuBackends = ["tensorrt", "tensorrtllm"];

/** Backends that need one unless an image of the user's own has them for a CPU. */
const usualGpuBackends = ["vllm"];

/** The instance's accelerator and number of GPUs; what depends on an absent one isn't checked. */
interface Hardware {
  readonly accelerator?: "cpu" | "gpu";
  readonly gpuCount?: number;
}

/**
 * The rules for instance groups, and for anything that needs a GPU.
 * Source: `ValidateInstanceGroup` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 */
export function* instanceRules(
  { config, completed, configPath, name }: ServedModel,
  { accelerator, gpuCount, ownImage = false, flavour }: Hardware & ServedImage,
): Generator<Finding> {
  if (!config || config.ensemble_scheduling) return;
  const backend = completed?.backend ?? "";
  if (accelerator === "cpu" && [...gpuBackends, ...usualGpuBackends].includes(backend)) {
    const mayDoWithout = usualGpuBackends.includes(backend) && ownImage && flavour === undefined;
    yield {
      code: mayDoWithout ? "backend-expects-gpu" : "backend-needs-gpu",
      ...(configPath === undefined ? { path: name } : { at: ["backend"] }),
      message: mayDoWithout
        ? `The backend ${backend} usually needs an NVIDIA GPU, but the instance type has none.`
        : `The backend ${backend} needs an NVIDIA GPU, but the instance type has none.`,
      remedy: `Choose an instance type with a GPU, for example ml.g5.xlarge${mayDoWithout ? ", or make sure that your image has it for a CPU" : ""}.`,
    };
  }
  for (const [index, { kind, gpus, profile }] of config.instance_group.entries()) {
    const at = ["instance_group", index];
    if (kind === "KIND_GPU" && accelerator === "cpu") {
      yield {
        code: "instance-group-needs-gpu",
        at: [...at, "kind"],
        message: "An instance_group is KIND_GPU, but the instance type has no GPU.",
        remedy: "Use KIND_CPU, or KIND_AUTO for either, or an instance type with a GPU.",
      };
    }
    // Without a GPU, KIND_AUTO is the same as KIND_CPU.
    const withoutGpu = kind === "KIND_CPU" || kind === "KIND_MODEL" || (kind === "KIND_AUTO" && accelerator === "cpu");
    if (withoutGpu && gpus.length > 0) {
      yield {
        code: "instance-group-gpus",
        at: [...at, "gpus"],
        message: `An instance_group of ${kind}${kind === "KIND_AUTO" ? " on an instance without a GPU" : ""} names gpus.`,
        remedy: "Remove gpus.",
      };
    }
    const absent = gpus.filter((gpu) => gpu < 0 || gpu >= (gpuCount ?? Infinity));
    if (!withoutGpu && absent.length > 0) {
      yield {
        code: "instance-group-gpu-missing",
        at: [...at, "gpus"],
        message: `An instance_group names ${gpuNames(absent)}, but ${gpuCount === undefined ? "GPUs are counted from 0" : `the instance has ${gpuRange(gpuCount)}`}.`,
        remedy: "Remove gpus to use all that there are, or choose an instance type with more GPUs.",
      };
    }
    // For a model whose backend isn't known, that is reported instead.
    for (const [position, text] of completed?.backend === "" ? [] : profile.entries()) {
      const tensorrt = completed?.platform === "tensorrt_plan";
      if (tensorrt && /^\s*\+?\d/.test(text)) continue;
      yield {
        code: "instance-group-profile",
        at: [...at, "profile", position],
        message: tensorrt
          ? `"${text}" isn't the number of a profile.`
          : "An instance_group names a profile, which only TensorRT models have.",
        remedy: tensorrt ? 'Write a number from 0 in quotes, for example "1".' : "Remove profile.",
      };
    }
  }
}

function gpuNames(gpus: readonly number[]): string {
  return gpus.length === 1 ? `the GPU ${String(gpus[0])}` : `the GPUs ${gpus.join(", ")}`;
}

function gpuRange(count: number): string {
  return count === 1 ? "only the GPU 0" : `only the GPUs 0 to ${count - 1}`;
}
