import type { Finding } from "../repository/finding.ts";
import type { ConfigPath } from "../config/modelConfig.ts";
import type { ModelConfig, ModelTensor } from "../config/modelConfigTypes.ts";
import type { TorchFile } from "../models/torch.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";

/**
 * The rules for a TorchScript model: its file is TorchScript, and its tensors have types and names that the backend
 * supports.
 * Source: `ValidateInputs`, `ValidateOutputs` and `GetNamingConvention` in
 * https://github.com/triton-inference-server/pytorch_backend/blob/main/src/pt/model_instance_state.cc
 */
export function* torchRules(model: ServedModel): Generator<Finding> {
  const { config, completed } = model;
  if (!config || completed?.platform !== "pytorch_libtorch" || !["", "libtriton_pytorch.so"].includes(config.runtime))
    return;
  for (const { path, content } of servedModelFiles(model)) {
    if (content?.format === "torch" && content.kind !== "TorchScript") yield notScripted(path, content.kind);
  }
  for (const side of ["input", "output"] as const) {
    for (const [index, tensor] of config[side].entries()) yield* tensorFindings(config, side, tensor, [side, index]);
    yield* orderFindings(config, side);
  }
  yield* stateFindings(config);
}

function notScripted(path: string, kind: TorchFile["kind"]): Finding {
  const scripted =
    'Save TorchScript: torch.jit.script(model.eval()).save("model.pt"), or torch.jit.trace with an example';
  return kind === "export"
    ? {
        code: "torch-not-scripted",
        path,
        message: "This file contains an exported program from torch.export.save, but the backend loads TorchScript.",
        remedy: `${scripted}; or export to ONNX.`,
      }
    : {
        code: "torch-not-scripted",
        path,
        message:
          "This file contains a checkpoint from torch.save, which is weights or a Python object without the model's code, but the backend loads TorchScript.",
        remedy: `${scripted}; or load the checkpoint in a Python model.`,
      };
}

/** Source: `ModelConfigDataTypeToTorchType` in https://github.com/triton-inference-server/pytorch_backend/blob/main/src/libtorch_utils.cc */
const types = ["BOOL", "UINT8", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "STRING"].map(
  (name) => `TYPE_${name}`,
);

function* tensorFindings(
  config: ModelConfig,
  side: "input" | "output",
  { name, data_type: type, dims, reshape }: ModelTensor,
  at: ConfigPath,
): Generator<Finding> {
  if (type !== "TYPE_INVALID" && !types.includes(type)) {
    yield {
      code: "torch-type-unsupported",
      at: [...at, "data_type"],
      message: `The ${side} "${name}" is ${type}, which the PyTorch backend doesn't support: its types are ${types.join(", ")}.`,
      remedy: "Cast it inside the model, and use that type here.",
    };
  }
  const rank = (reshape?.shape ?? dims).length + (config.max_batch_size > 0 ? 1 : 0);
  if (type === "TYPE_STRING" && rank > 1) {
    yield {
      code: "torch-type-unsupported",
      at: [...at, reshape ? "reshape" : "dims"],
      message: `The ${side} "${name}" has strings in ${rank} dimensions${config.max_batch_size > 0 ? ", the batch included" : ""}; the PyTorch backend only accepts a list of them.`,
      remedy: "Use one dim and set max_batch_size to 0.",
    };
  }
}

/** Checks whether only a number follows the first `__` in a name, as in `INPUT__0`, which is its tensor's position. */
function isNumbered(name: string): boolean {
  return /^\d*$/.test(name.split("__").slice(1).join("__")) && name.includes("__");
}

/** If one name isn't numbered, the backend uses the order of all of them. */
function* orderFindings(config: ModelConfig, side: "input" | "output"): Generator<Finding> {
  const names = config[side].map(({ name }) => name);
  const plain = names.filter((name) => !isNumbered(name));
  if (plain.length === 0 || plain.length === names.length) return;
  yield {
    code: "torch-tensor-order",
    at: [side],
    message: `Only some of the ${side}s are numbered like ${side.toUpperCase()}__0: because of ${plain.join(", ")}, the backend uses the order in which all of them are written.`,
    remedy: `Number all ${side}s, or none.`,
  };
}

function* stateFindings(config: ModelConfig): Generator<Finding> {
  const states = config.sequence_batching?.state ?? [];
  if (states.length === 0) return;
  const names = [
    ...config.output.map(({ name }) => name),
    ...states.flatMap(({ input_name, output_name }) => [input_name, output_name]),
  ];
  const plain = names.filter((name) => !isNumbered(name));
  if (plain.length === 0) return;
  yield {
    code: "torch-state-names",
    at: ["sequence_batching", "state"],
    message: `A PyTorch model with states needs numbered outputs and states such as OUTPUT__0, but ${plain.join(", ")} aren't.`,
    remedy: "Number them in the order of the model's arguments and results.",
  };
}
