import { byteSize } from "../config/dataTypes.ts";
import { enumerated } from "../enumerated.ts";
import type { Finding } from "../repository/finding.ts";
import { loadedConfig } from "../config/loadedConfig.ts";
import type { ModelTensor, Warmup, WarmupInput } from "../config/modelConfigTypes.ts";
import { hasOpenBatch, hasOpenTensors } from "../config/openTensors.ts";
import { absence, entryKind, fileSize, type ServedModel } from "../repository/servedModel.ts";
import { tensorsByName } from "./modelTensors.ts";

/**
 * The rules for warm-up requests.
 * Source: `GenerateWarmupData` in https://github.com/triton-inference-server/core/blob/main/src/backend_model_instance.cc
 */
export function* warmupRules(model: ServedModel): Generator<Finding> {
  const config = loadedConfig(model);
  if (!config || config.ensemble_scheduling) return;
  const isOpen = hasOpenTensors(model);
  const inputs = tensorsByName(config.input);
  const required = new Set(config.input.filter(({ optional }) => !optional).map(({ name }) => name));
  for (const [index, warmup] of config.model_warmup.entries()) {
    // Triton ignores samples with batch size 0.
    if (warmup.batch_size === 0) continue;
    const at = ["model_warmup", index];
    const most = Math.max(1, config.max_batch_size);
    if (warmup.batch_size > most && !hasOpenBatch(model)) {
      yield {
        code: "warmup-invalid",
        at: [...at, "batch_size"],
        message: `The warm-up request has batch_size ${warmup.batch_size}, but the model accepts ${most} at most.`,
        remedy: "Lower it, or raise max_batch_size.",
      };
    }
    const missing = required.size - Object.keys(warmup.inputs).filter((name) => required.has(name)).length;
    if (missing > 0 && !isOpen) {
      const names = enumerated(absentIn(warmup.inputs, required), missing);
      yield {
        code: "warmup-invalid",
        at,
        message: `The warm-up request lacks the input${missing === 1 ? "" : "s"} ${names}.`,
        remedy: "Add all inputs that aren't optional.",
      };
    }
    for (const [name, input] of Object.entries(warmup.inputs)) {
      yield* inputFindings(name, input, [...at, "inputs", name], model, inputs.get(name));
    }
  }
}

function* absentIn(given: Warmup["inputs"], required: ReadonlySet<string>): Generator<string> {
  for (const name of required) if (!Object.hasOwn(given, name)) yield `"${name}"`;
}

function* inputFindings(
  name: string,
  input: WarmupInput,
  at: readonly (string | number)[],
  model: ServedModel,
  declared: ModelTensor | undefined,
): Generator<Finding> {
  const invalid = (message: string, remedy: string): Finding => ({ code: "warmup-invalid", at, message, remedy });
  if (input.dims.includes(-1)) {
    yield invalid(`The warm-up input "${name}" has -1 in its dims.`, "Set the sizes of the sample.");
    return;
  }
  if (declared && declared.data_type !== input.data_type) {
    yield invalid(
      `The warm-up input "${name}" is ${input.data_type}, but the model's is ${declared.data_type}.`,
      "Use the model's type.",
    );
  }
  if (declared && !sameShape(declared.dims, input.dims)) {
    yield invalid(
      `The warm-up input "${name}" has dims [${input.dims.join(", ")}], but the model's has [${declared.dims.join(", ")}].`,
      "Use the model's dims, with a size for each -1.",
    );
  }
  if (input.input_data_file === undefined) {
    if (input.zero_data === undefined && input.random_data === undefined) {
      yield invalid(
        `The warm-up input "${name}" has no data.`,
        "Set one of zero_data, random_data and input_data_file.",
      );
    }
    return;
  }
  const file = `${model.name}/warmup/${input.input_data_file}`;
  // Each string is preceded by its length in four bytes.
  const least = input.data_type === "TYPE_STRING" ? 4 : byteSize(input.data_type);
  const wanted = input.dims.reduce((product, size) => product * size, least);
  const size = fileSize(model.contents, file);
  if (entryKind(model.contents, file) !== "file") {
    yield {
      code: "warmup-file-missing",
      at,
      message: `The warm-up file ${file} ${absence(model.contents, file)}.`,
      remedy: "Put it there, or use zero_data or random_data.",
      missing: [file],
    };
  } else if (size < wanted) {
    yield invalid(`The warm-up file ${file} has ${size} of ${wanted} bytes.`, "Provide the whole sample.");
  }
}

function sameShape(dims: readonly number[], sample: readonly number[]): boolean {
  return dims.length === sample.length && dims.every((size, axis) => size === -1 || size === sample[axis]);
}
