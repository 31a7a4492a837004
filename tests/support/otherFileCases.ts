import type { ModelFile } from "../../triton/models/modelFile.ts";
import type { CheckOptions } from "../../triton/repository/modelRepository.ts";
import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import { tensorsOf } from "./onnxFiles.ts";
import { noBackend, type RepositoryCase } from "./casePieces.ts";

const io = (input = "INPUT__0", output = "OUTPUT__0", type = "TYPE_FP32", dims = "4") =>
  `input { name: "${input}" data_type: ${type} dims: ${dims} }\noutput { name: "${output}" data_type: TYPE_FP32 dims: 4 }\n`;
const scripted: ModelFile = { format: "torch", kind: "TorchScript" };

function torch(
  title: string,
  codes: readonly ProblemCode[],
  config: string,
  file: ModelFile = scripted,
): RepositoryCase {
  return {
    title,
    codes,
    pieces: { "m/config.pbtxt": `platform: "pytorch_libtorch"\n${config}`, "m/1/model.pt": "" },
    models: new Map([["m/1/model.pt", file]]),
    options: { defaultModelName: "m" },
    notAsked: noBackend,
  };
}

const state = (input: string) =>
  `sequence_batching { state { input_name: "${input}" output_name: "STATE__1" data_type: TYPE_FP32 dims: 4 } }\n`;
const parameter = (name: string, value: string) => `parameters { key: "${name}" value { string_value: "${value}" } }\n`;

const rows = { inputs: tensorsOf({ x: "FLOAT -1 4" }), outputs: tensorsOf({ y: "FLOAT -1 3" }) };
const signatures: ModelFile = {
  format: "savedmodel",
  signatures: [{ tags: ["serve"], name: "serving_default", ...rows }],
};

function savedModel(
  title: string,
  codes: readonly ProblemCode[],
  config: string,
  file: ModelFile = signatures,
): RepositoryCase {
  return {
    ...torch(title, codes, ""),
    pieces: {
      "m/config.pbtxt": `platform: "tensorflow_savedmodel"\n${config}`,
      "m/1/model.savedmodel/saved_model.pb": "",
    },
    models: new Map([["m/1/model.savedmodel/saved_model.pb", file]]),
  };
}

const tensors = (input: string, output: string, type = "TYPE_FP32", name = "x") =>
  `input { name: "${name}" data_type: ${type} dims: ${input} }\noutput { name: "y" data_type: TYPE_FP32 dims: ${output} }\n`;

function plan(
  title: string,
  codes: readonly ProblemCode[],
  version: string | undefined,
  options: CheckOptions = {},
): RepositoryCase {
  return {
    ...torch(title, codes, ""),
    pieces: { "m/1/model.plan": "" },
    models: new Map([["m/1/model.plan", { format: "tensorrt", ...(version !== undefined && { version }) }]]),
    options: { defaultModelName: "m", ...options },
  };
}

const compatible = { additionalArgs: "--backend-config=tensorrt,version-compatible=true" };
const mismatch = ["tensorrt-version-mismatch"] as const;
const open = ["tensorrt-version-unknown"] as const;

/** Source: https://github.com/triton-inference-server/server/issues/7613 and NVIDIA's support matrix */
const plans = [
  plan("a TensorRT plan for a release that is not known", open, "10.9.0"),
  plan("a plan of TensorRT 10.4 for 24.01", mismatch, "10.4.0", { release: "24.01" }),
  plan("a plan of TensorRT 8.6 for 25.09", mismatch, "8.6.1", { release: "25.09" }),
  plan("a plan of TensorRT 8.6 for 24.01", [], "8.6.1", { release: "24.01" }),
  plan("a plan of TensorRT 8.6.1 for 24.04, which has 8.6.3", mismatch, "8.6.1", { release: "24.04" }),
  plan("a plan of TensorRT 10.4 for 24.09", [], "10.4.0", { release: "24.09" }),
  plan("a plan that doesn't say its version", open, undefined, { release: "24.09" }),
  plan("a plan for an image of one's own", open, "8.6.1", { release: "25.09", ownImage: true }),
  plan("a plan for a release whose TensorRT is not known", open, "10.4.0", { release: "26.07" }),
  plan("a plan of another minor version for a TensorRT that is not confirmed", open, "10.4.0", { release: "25.09" }),
  plan("a plan that may be version-compatible", open, "10.4.0", { release: "25.10", ...compatible }),
  plan("a version-compatible plan of a later version", mismatch, "10.14.1", { release: "25.10", ...compatible }),
  plan("a version-compatible plan of another major version", mismatch, "8.6.1", { release: "25.09", ...compatible }),
];

/** Models of PyTorch, TensorRT and TensorFlow whose own files are looked into, and parameters that their backends read. */
export const otherFileCases: readonly RepositoryCase[] = [
  torch("TorchScript with numbered names", [], io()),
  torch("TorchScript with the names of its arguments", [], io("x", "y")),
  torch("a checkpoint in place of TorchScript", ["torch-not-scripted"], io(), { format: "torch", kind: "checkpoint" }),
  torch("an exported program in place of TorchScript", ["torch-not-scripted"], io(), {
    format: "torch",
    kind: "export",
  }),
  torch("a checkpoint beside a model.py of the PyTorch backend", [], `runtime: "model.py"\n${io()}`, {
    format: "torch",
    kind: "checkpoint",
  }),
  torch("a file that PyTorch did not save", ["model-file-damaged"], io(), { format: "damaged", reason: "it is empty" }),
  torch("a type that PyTorch lacks", ["torch-type-unsupported"], io("INPUT__0", "OUTPUT__0", "TYPE_UINT16")),
  torch("a list of strings for PyTorch", [], io("INPUT__0", "OUTPUT__0", "TYPE_STRING")),
  torch(
    "a batch of strings for PyTorch",
    ["torch-type-unsupported"],
    `max_batch_size: 2\n${io("INPUT__0", "OUTPUT__0", "TYPE_STRING")}`,
  ),
  torch(
    "PyTorch outputs of which some are numbered",
    ["torch-tensor-order"],
    `${io()}output { name: "scores" data_type: TYPE_FP32 dims: 4 }\n`,
  ),
  torch("a numbered state of a PyTorch model", [], io() + state("STATE__1")),
  torch("a state of a PyTorch model that is not numbered", ["torch-state-names"], io() + state("state")),
  torch("a number of threads for PyTorch", [], io() + parameter("INTRA_OP_THREAD_COUNT", "2")),
  torch(
    "a wish of PyTorch that is neither true nor false",
    ["backend-parameter-invalid"],
    io() + parameter("INFERENCE_MODE", "yes"),
  ),
  {
    ...torch("a number of threads for ONNX Runtime that is none", ["backend-parameter-invalid"], ""),
    pieces: {
      "m/config.pbtxt": `backend: "onnxruntime"\n${parameter("intra_op_thread_count", "many")}${parameter("execution_mode", "1")}`,
      "m/1/model.onnx": "",
    },
  },
  {
    ...torch("a mode that ONNX Runtime does not have", ["backend-parameter-invalid"], ""),
    pieces: { "m/config.pbtxt": `backend: "onnxruntime"\n${parameter("execution_mode", "2")}`, "m/1/model.onnx": "" },
  },
  ...plans,
  savedModel("a SavedModel that batches", [], `max_batch_size: 8\n${tensors("4", "3")}`),
  savedModel("a SavedModel whose dims tell that it batches", [], tensors("4", "3")),
  savedModel("a SavedModel whose dims are the whole shape", [], tensors("[ 2, 4 ]", "[ -1, 3 ]")),
  savedModel("a SavedModel without inputs and outputs in its configuration", [], ""),
  savedModel("a SavedModel of other columns", ["model-shape-mismatch"], tensors("[ -1, 5 ]", "[ -1, 3 ]")),
  savedModel("a SavedModel of another type", ["model-type-mismatch"], tensors("4", "3", "TYPE_INT32")),
  savedModel("an input that a SavedModel does not have", ["model-tensor-unknown"], tensors("4", "3", "TYPE_FP32", "X")),
  savedModel(
    "a SavedModel of fixed rows that should batch",
    ["model-batching-mismatch"],
    `max_batch_size: 8\n${tensors("4", "3")}`,
    {
      format: "savedmodel",
      signatures: [
        {
          tags: ["serve"],
          name: "serving_default",
          inputs: tensorsOf({ x: "FLOAT 1 4" }),
          outputs: tensorsOf({ y: "FLOAT ?" }),
        },
      ],
    },
  ),
  savedModel(
    "a signature that a SavedModel does not have",
    ["savedmodel-signature-unknown"],
    parameter("TF_SIGNATURE_DEF", "predict"),
  ),
  {
    ...savedModel("a SavedModel's folder without the model", ["model-file-missing"], ""),
    pieces: { "m/config.pbtxt": 'platform: "tensorflow_savedmodel"\n', "m/1/model.savedmodel/variables/": "" },
    models: new Map(),
  },
];
