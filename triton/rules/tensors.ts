import type { Finding } from "../repository/finding.ts";
import { loadedConfig } from "../config/loadedConfig.ts";
import type { ConfigPath } from "../config/modelConfig.ts";
import type { ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";
import { completesTensors, hasOpenBatch, hasOpenTensors } from "../config/openTensors.ts";
import type { ServedModel } from "../repository/servedModel.ts";

/**
 * The rules for inputs, outputs and the tensors of ragged batches.
 * Source: `ValidateModelIOConfig` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 */
export function* tensorRules(model: ServedModel): Generator<Finding> {
  const { config, completed } = model;
  const loaded = loadedConfig(model);
  if (!config || !loaded) return;
  const open = completesTensors(model);
  const batches = loaded.max_batch_size > 0 || hasOpenBatch(model);
  for (const side of ["input", "output"] as const) {
    const names = new Set<string>();
    for (const [index, tensor] of config[side].entries()) {
      const at = [side, index];
      const called = `the ${side} "${tensor.name}"`;
      if (!open) yield* incompleteTensor(tensor, at, called);
      yield* tensorFindings(tensor, at, called, batches, completed?.platform ?? "");
      if (tensor.name !== "" && names.has(tensor.name)) {
        yield {
          code: "tensor-name-repeated",
          at: [...at, "name"],
          message: `There are two ${side}s named "${tensor.name}".`,
          remedy: "Use unique names: Triton serves only one of them.",
        };
      }
      names.add(tensor.name);
    }
  }
  yield* batchTensorFindings(loaded, hasOpenTensors(model));
}

/** Problems with fields that the model's file or code can't add. */
function* incompleteTensor(tensor: ModelTensor, at: ConfigPath, called: string): Generator<Finding> {
  if (tensor.data_type === "TYPE_INVALID") {
    yield {
      code: "tensor-type-missing",
      at,
      message: `${capital(called)} has no data_type.`,
      remedy: "Add data_type, for example TYPE_FP32.",
    };
  }
  if (tensor.dims.length === 0) {
    yield {
      code: "tensor-dims-missing",
      at,
      message: `${capital(called)} has no dims.`,
      remedy: "Add dims, the shape without the batch; a scalar has dims: [ 1 ].",
    };
  }
}

function* tensorFindings(
  tensor: ModelTensor,
  at: ConfigPath,
  called: string,
  batches: boolean,
  platform: string,
): Generator<Finding> {
  if (tensor.name === "") {
    yield {
      code: "tensor-name-missing",
      at,
      message: `An ${String(at[0])} has no name.`,
      remedy: 'Add name: "…" with the model\'s name for it.',
    };
  }
  yield* invalidDims(tensor.dims, "tensor-dim-invalid", [...at, "dims"], `dims of ${called}`);
  if (tensor.reshape) yield* reshapeFindings(tensor, tensor.reshape.shape, at, called, batches);
  if ((tensor.format ?? "FORMAT_NONE") !== "FORMAT_NONE" && tensor.dims.length !== 3) {
    yield {
      code: "tensor-format-dims",
      at: [...at, "format"],
      message: `${capital(called)} has format ${String(tensor.format)}, which needs 3 dims, but ${tensor.dims.length} dims.`,
      remedy: "Set dims to height, width and channels, or remove the format.",
    };
  }
  for (const field of ["is_shape_tensor", "is_non_linear_format_io"] as const) {
    if (tensor[field] && platform !== "tensorrt_plan") {
      yield {
        code: "tensorrt-only",
        at: [...at, field],
        message: `${capital(called)} sets ${field}, which only TensorRT models have.`,
        remedy: `Remove ${field}.`,
      };
    }
  }
  if (tensor.is_non_linear_format_io && platform === "tensorrt_plan" && tensor.dims.length !== 3) {
    yield {
      code: "tensor-format-dims",
      at: [...at, "is_non_linear_format_io"],
      message: `${capital(called)} has a non-linear format, which needs 3 dims, but ${tensor.dims.length} dims.`,
      remedy: "Set three dims, or remove is_non_linear_format_io.",
    };
  }
}

function* reshapeFindings(
  { dims }: ModelTensor,
  shape: readonly number[],
  tensorAt: ConfigPath,
  called: string,
  batches: boolean,
): Generator<Finding> {
  const at = [...tensorAt, "reshape"];
  if (shape.length === 0 && !batches) {
    yield {
      code: "reshape-invalid",
      at,
      message: `The reshape of ${called} is empty, which only a batching model may have.`,
      remedy: "Set a shape, remove reshape, or set max_batch_size.",
    };
    return;
  }
  const invalid = [...invalidDims(shape, "reshape-invalid", [...at, "shape"], `reshape of ${called}`)];
  yield* invalid;
  if (invalid.length > 0 || dims.some(isInvalidDim) || dims.length === 0 || fits(dims, shape)) return;
  yield {
    code: "reshape-mismatch",
    at,
    message: `${capital(called)} has dims ${list(dims)} and reshape ${list(shape)}, which have different numbers of elements.`,
    remedy: "Keep the product of the sizes the same, also between -1s.",
  };
}

/** Checks whether the products of the sizes between variable ones are the same on both sides. */
function fits(dims: readonly number[], shape: readonly number[]): boolean {
  const runs = (sizes: readonly number[]) =>
    sizes.reduce<bigint[]>(
      (products, size) =>
        size === -1 ? [...products, 1n] : [...products.slice(0, -1), (products.at(-1) ?? 1n) * BigInt(size)],
      [1n],
    );
  return runs(dims).join() === runs(shape).join();
}

function* invalidDims(
  dims: readonly number[],
  code: "tensor-dim-invalid" | "reshape-invalid",
  at: ConfigPath,
  called: string,
): Generator<Finding> {
  for (const [index, dim] of dims.entries()) {
    if (isInvalidDim(dim)) {
      yield {
        code,
        at: [...at, index],
        message: `A size in the ${called} is ${dim}: it must be 1 or more, or -1 for any.`,
        remedy: "Write -1 for a variable size.",
      };
    }
  }
}

function isInvalidDim(dim: number): boolean {
  return dim < 1 && dim !== -1;
}

function* batchTensorFindings(config: ModelConfig, open: boolean): Generator<Finding> {
  const inputs = new Set(config.input.map(({ name }) => name));
  const outputs = new Set(config.output.map(({ name }) => name));
  for (const side of ["batch_input", "batch_output"] as const) {
    for (const [index, tensor] of config[side].entries()) {
      const at = [side, index];
      const invalid = (field: string, message: string, remedy: string): Finding => ({
        code: "batch-tensor-invalid",
        at: [...at, field],
        message,
        remedy,
      });
      if (tensor.source_input.length !== 1) {
        yield invalid(
          "source_input",
          `A ${side} of kind ${tensor.kind} must have one source_input, not ${tensor.source_input.length}.`,
          "Name the one input it is derived from.",
        );
      }
      if (side === "batch_input" && !["TYPE_INT32", "TYPE_FP32"].includes(tensor.data_type ?? "")) {
        yield invalid(
          "data_type",
          `A batch_input must have data_type TYPE_INT32 or TYPE_FP32, not ${String(tensor.data_type)}.`,
          "Use one of the two.",
        );
      }
      for (const name of tensor.source_input.filter((name) => !open && !inputs.has(name))) {
        yield invalid("source_input", `"${name}" isn't an input of this model.`, "Name one of the model's inputs.");
      }
      if (side === "batch_input") continue;
      if (tensor.target_name.length === 0) {
        yield invalid("target_name", "A batch_output has no target_name, which ends Triton.", "Name an output.");
      }
      for (const name of tensor.target_name.filter((name) => !open && !outputs.has(name))) {
        yield invalid("target_name", `"${name}" isn't an output of this model.`, "Name one of the model's outputs.");
      }
      if (new Set(tensor.target_name).size < tensor.target_name.length) {
        yield invalid("target_name", "An output is named twice.", "Name each output once.");
      }
    }
  }
}

function list(numbers: readonly number[]): string {
  return `[${numbers.join(", ")}]`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
