import type { CheckOptions } from "../../triton/repository/modelRepository.ts";
import type { ModelFile } from "../../triton/models/modelFile.ts";
import type { OnnxFile } from "../../triton/models/onnx.ts";
import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import { ensembleHead, otherRelease, run, without, type RepositoryCase } from "./casePieces.ts";
import { onnxFile, tensorsOf } from "./onnxFiles.ts";
import type { Pieces } from "./repository.ts";

const backend = 'backend: "onnxruntime"\n';
const rows = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" });
const fixed = onnxFile({ x: "FLOAT 1 4" }, { y: "FLOAT 1 3" });
const optional = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" }, { initialised: tensorsOf({ w: "FLOAT 4" }) });
const io = (dims: string, output: string, type = "TYPE_FP32") =>
  `input { name: "x" data_type: ${type} dims: ${dims} }\noutput { name: "y" data_type: TYPE_FP32 dims: ${output} }\n`;
const batched = `max_batch_size: 8\n${io("4", "3")}`;
const whole = io("[ -1, 4 ]", "[ -1, 3 ]");

function onnx(
  title: string,
  codes: readonly ProblemCode[],
  config: string,
  file: ModelFile,
  { more = {}, ...options }: CheckOptions & { readonly more?: Pieces } = {},
): RepositoryCase {
  return {
    title,
    codes,
    pieces: { "m/config.pbtxt": `${backend}${config}`, "m/1/model.onnx": "", ...more },
    models: new Map([["m/1/model.onnx", file]]),
    options: { defaultModelName: "m", ...options },
    ...(options.release !== undefined && { notAsked: otherRelease }),
  };
}

const withData = (...externalData: OnnxFile["externalData"][number][]) => ({ ...rows, externalData });
const own = { ...rows, operatorDomains: ["my.own"], opsets: { "ai.onnx": 17, "my.own": 1 } };
const given = (text: string) => `input { name: "w" data_type: TYPE_FP32 dims: 4 ${text} }\n`;
const control = (name: string) =>
  `sequence_batching { control_input { name: "${name}" control { kind: CONTROL_SEQUENCE_START fp32_false_true: [ 0, 1 ] } } }\n`;

const preferring = "dynamic_batching { preferred_batch_size: [ 4 ] }\n";

const counted = (target = "n", kind = "BATCH_ELEMENT_COUNT") =>
  `max_batch_size: 8\ninput { name: "x" data_type: TYPE_FP32 dims: -1 allow_ragged_batch: true }\noutput { name: "y" data_type: TYPE_FP32 dims: 3 }\nbatch_input { kind: ${kind} target_name: "${target}" data_type: TYPE_FP32 source_input: "x" }\n`;
const counting = (n: string) => onnxFile({ x: "FLOAT -1", n }, { y: "FLOAT -1 3" });
const kept = (input: string, output: string, type: string) =>
  `${whole}sequence_batching { state { input_name: "${input}" output_name: "${output}" data_type: ${type} dims: [ 2 ] } }\n`;
const keeping = onnxFile({ x: "FLOAT -1 4", i: "FLOAT 2" }, { y: "FLOAT -1 3", o: "FLOAT 2" });

const shapes = [
  onnx("an ONNX model whose configuration gives the whole shape", [], whole, rows),
  onnx("an ONNX model that batches", [], batched, rows),
  onnx("an ONNX model whose input promises less than the model takes", [], io("[ 2, 4 ]", "[ -1, 3 ]"), rows),
  onnx(
    "an ONNX model whose input promises more than the model takes",
    ["model-shape-mismatch"],
    io("[ -1, 5 ]", "[ -1, 3 ]"),
    rows,
  ),
  onnx("an ONNX model whose output promises another size", ["model-shape-mismatch"], io("[ -1, 4 ]", "[ 2, 3 ]"), rows),
  onnx("an ONNX model whose dims leave out a dimension", ["model-shape-mismatch"], io("4", "[ -1, 3 ]"), rows),
  onnx(
    "an ONNX model whose dims repeat the batch",
    ["model-shape-mismatch", "model-shape-mismatch"],
    `max_batch_size: 8\n${whole}`,
    rows,
  ),
  onnx(
    "an ONNX model of a fixed first dimension that should batch",
    ["model-batching-mismatch", "model-batching-mismatch"],
    batched,
    fixed,
  ),
  onnx("an ONNX model of a fixed first dimension", [], io("[ 1, 4 ]", "[ 1, 3 ]"), fixed),
  onnx(
    "an ONNX model that sees a reshaped input",
    [],
    `input { name: "x" data_type: TYPE_FP32 dims: [ 2, 2 ] reshape { shape: [ 1, 4 ] } }\noutput { name: "y" data_type: TYPE_FP32 dims: [ -1, 3 ] }\n`,
    rows,
  ),
  onnx(
    "an ONNX model that sees a reshaped input of the wrong shape",
    ["model-shape-mismatch"],
    `input { name: "x" data_type: TYPE_FP32 dims: [ 1, 4 ] reshape { shape: [ 4 ] } }\noutput { name: "y" data_type: TYPE_FP32 dims: [ -1, 3 ] }\n`,
    rows,
  ),
  onnx("an ONNX scalar of dims 1", [], io("1", "[ -1, 3 ]"), onnxFile({ x: "FLOAT" }, { y: "FLOAT -1 3" })),
  onnx(
    "an ONNX scalar of another size",
    ["model-shape-mismatch"],
    io("2", "[ -1, 3 ]"),
    onnxFile({ x: "FLOAT" }, { y: "FLOAT -1 3" }),
  ),
  onnx(
    "an ONNX output whose shape the file does not tell",
    [],
    io("[ -1, 4 ]", "[ 7 ]"),
    onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT ?" }),
  ),
  ...without("the ONNX Runtime backend of the tests has no ragged batches", [
    onnx(
      "a ragged input of an ONNX model",
      [],
      'max_batch_size: 8\ninput { name: "x" data_type: TYPE_FP32 dims: -1 allow_ragged_batch: true }\noutput { name: "y" data_type: TYPE_FP32 dims: 3 }\n',
      onnxFile({ x: "FLOAT -1" }, { y: "FLOAT -1 3" }),
    ),
    onnx(
      "a ragged input that an ONNX model takes in rows",
      ["model-ragged-input"],
      'max_batch_size: 8\ninput { name: "x" data_type: TYPE_FP32 dims: -1 allow_ragged_batch: true }\noutput { name: "y" data_type: TYPE_FP32 dims: 3 }\n',
      rows,
    ),
  ]),
];

const names = [
  onnx(
    "an ONNX model that is given another type",
    ["model-type-mismatch"],
    io("[ -1, 4 ]", "[ -1, 3 ]", "TYPE_FP64"),
    rows,
  ),
  onnx("an ONNX model that is given an unknown input", ["model-tensor-unknown"], whole.replace('"x"', '"X"'), rows),
  onnx(
    "an ONNX model that is asked for an unknown output",
    ["model-tensor-unknown"],
    whole.replace('"y"', '"z"'),
    rows,
  ),
  onnx(
    "an ONNX model that lacks an input",
    ["model-inputs-mismatch"],
    whole,
    onnxFile({ x: "FLOAT -1 4", q: "FLOAT 1" }, { y: "FLOAT -1 3" }),
  ),
  onnx(
    "an ONNX model of which an output is left out",
    [],
    whole,
    onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3", z: "FLOAT" }),
  ),
  onnx("an optional input that an ONNX model has a value for", [], given("optional: true") + whole, optional),
  onnx(
    "an input that an ONNX model has a value for, given always",
    ["model-inputs-mismatch"],
    given("") + whole,
    optional,
  ),
  onnx(
    "an optional input of an ONNX model that batches",
    ["model-optional-input"],
    `max_batch_size: 8\n${given("optional: true")}${io("4", "3")}`,
    { ...optional, initialised: tensorsOf({ w: "FLOAT -1 4" }) },
  ),
  onnx(
    "an optional input that an ONNX model can't do without",
    ["model-inputs-mismatch"],
    whole.replace("dims: [ -1, 4 ]", "dims: [ -1, 4 ] optional: true"),
    rows,
  ),
  onnx(
    "a control input of an ONNX model",
    [],
    `max_batch_size: 8\n${control("START")}${io("4", "3")}`,
    onnxFile({ x: "FLOAT -1 4", START: "FLOAT -1 1" }, { y: "FLOAT -1 3" }),
  ),
  onnx(
    "a control input that an ONNX model takes in another shape and type",
    ["model-shape-mismatch", "model-type-mismatch"],
    `max_batch_size: 8\n${control("START")}${io("4", "3")}`,
    onnxFile({ x: "FLOAT -1 4", START: "INT32 -1 2" }, { y: "FLOAT -1 3" }),
  ),
  onnx(
    "a control input that an ONNX model does not take",
    ["model-tensor-unknown"],
    `max_batch_size: 8\n${control("START")}${io("4", "3")}`,
    onnxFile({ x: "FLOAT -1 4", q: "FLOAT -1 1" }, { y: "FLOAT -1 3" }),
  ),
];

const completed = [
  onnx("an ONNX model without inputs and outputs in its configuration", [], "", rows),
  onnx("an ONNX model that is completed and does not batch", [], "", fixed),
  onnx(
    "an ONNX model that can't batch as its configuration demands",
    ["model-batching-mismatch"],
    "max_batch_size: 8\n",
    fixed,
  ),
  onnx(
    "an ONNX model whose inputs alone are given, with the batch that the completion takes for itself",
    ["model-shape-mismatch"],
    'input { name: "x" data_type: TYPE_FP32 dims: [ -1, 4 ] }\n',
    rows,
  ),
  onnx("batches of a size that only the completion makes possible", ["preferred-batch-size-invalid"], preferring, rows),
  onnx("a scheduler for a batch size that the completion sets", [], "dynamic_batching { }\n", rows),
  onnx(
    "the oldest sequences in batches that only the completion makes possible",
    ["preferred-batch-size-invalid"],
    `sequence_batching { oldest { preferred_batch_size: [ 4 ] } }\n`,
    rows,
  ),
  onnx(
    "an ONNX input without dimensions in batches that the completion makes possible",
    [],
    'input { name: "x" data_type: TYPE_FP32 dims: 1 reshape { shape: [ ] } }\n',
    onnxFile({ x: "FLOAT -1" }, { y: "FLOAT -1 3" }),
  ),
  ...without("the ONNX Runtime backend of the tests has no ragged batches", [
    onnx(
      "a ragged output that the completion adds",
      [],
      'input { name: "x" data_type: TYPE_FP32 dims: 4 }\nbatch_output { kind: BATCH_SCATTER_WITH_INPUT_SHAPE source_input: "x" target_name: "y" }\n',
      rows,
    ),
  ]),
  {
    ...onnx("an ensemble over an ONNX model without configuration", [], "", rows, {}),
    pieces: {
      "m/config.pbtxt": `${ensembleHead.replace(/dims: \[ 4 \] \}\n$/, "dims: [ 3 ] }\n")}max_batch_size: 4\nensemble_scheduling {\n${run("a", "x", "y")}}\n`,
      "m/1/": "",
      "a/1/model.onnx": "",
    },
    models: new Map([["a/1/model.onnx", rows]]),
  },
  {
    ...onnx("an ensemble that takes another shape from an ONNX model", ["ensemble-shape-mismatch"], "", rows),
    pieces: {
      "m/config.pbtxt": `${ensembleHead}max_batch_size: 4\nensemble_scheduling {\n${run("a", "x", "y")}}\n`,
      "m/1/": "",
      "a/1/model.onnx": "",
    },
    models: new Map([["a/1/model.onnx", rows]]),
  },
];

const files = [
  onnx(
    "an ONNX model that gives a map",
    ["model-value-unsupported"],
    whole,
    onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3", z: "sequence" }),
  ),
  onnx(
    "an ONNX model of a type that Triton lacks",
    ["model-value-unsupported"],
    whole,
    onnxFile({ x: "COMPLEX64 -1 4" }, { y: "FLOAT -1 3" }),
  ),
  onnx(
    "an ONNX model of no columns",
    ["model-value-unsupported"],
    whole,
    onnxFile({ x: "FLOAT -1 0" }, { y: "FLOAT -1 3" }),
  ),
  onnx("bfloat16 in a release that has it", [], "", onnxFile({ x: "BFLOAT16 -1 4" }, { y: "FLOAT -1 3" }), {
    release: "26.03",
  }),
  onnx(
    "bfloat16 in a release that lacks it",
    ["model-value-unsupported"],
    "",
    onnxFile({ x: "BFLOAT16 -1 4" }, { y: "FLOAT -1 3" }),
    { release: "26.02" },
  ),
  onnx("operators that the release knows", [], "", { ...rows, opsets: { "ai.onnx": 19 } }, { release: "23.10" }),
  onnx(
    "operators that the release does not know",
    ["model-too-new"],
    "",
    { ...rows, opsets: { "ai.onnx": 20 } },
    { release: "23.10" },
  ),
  onnx(
    "a format that the release does not know",
    ["model-too-new"],
    "",
    { ...rows, irVersion: 10 },
    { release: "23.10" },
  ),
  onnx(
    "operators of opset 18 for 22.05",
    ["model-too-new"],
    "",
    { ...rows, opsets: { "ai.onnx": 18 } },
    { release: "22.05" },
  ),
  onnx("operators of opset 16 for 22.05", [], "", { ...rows, opsets: { "ai.onnx": 16 } }, { release: "22.05" }),
  ...without("the check isn't told the release, which the real Triton is", [
    onnx("operators that no known release reads", ["model-newer-than-known"], "", {
      ...rows,
      opsets: { "ai.onnx": 99 },
    }),
    onnx(
      "operators that no known release reads, in an image of one's own",
      ["model-newer-than-known"],
      "",
      { ...rows, opsets: { "ai.onnx": 99 } },
      { ownImage: true },
    ),
    onnx("a format that no known release reads", ["model-newer-than-known"], "", { ...rows, irVersion: 99 }),
  ]),
  onnx("operators of one's own", [], "", { ...rows, opsets: { "ai.onnx": 19, "my.own": 99 } }, { release: "23.10" }),
  onnx("an ONNX model with an input without a name", ["model-value-unsupported"], "", {
    ...rows,
    inputs: tensorsOf({ x: "FLOAT -1 4", "": "FLOAT -1 4" }),
  }),
  onnx("operators of a set that ONNX Runtime does not have", ["model-operators-unknown"], whole, own),
  onnx(
    "operators of a set that ONNX Runtime has",
    [],
    whole,
    { ...rows, operatorDomains: ["com.microsoft"] },
    {
      release: "26.05",
    },
  ),
  onnx("operators that an image of one's own may have", [], whole, own, { release: "26.05", ownImage: true }),
  ...without("it would need a real library", [
    onnx(
      "operators that a library brings",
      [],
      `${whole}model_operations { op_library_filename: "/opt/ml/model/m/own.so" }`,
      own,
      { more: { "m/own.so": "" } },
    ),
  ]),
  onnx(
    "new operators in an image of one's own",
    [],
    "",
    { ...rows, opsets: { "ai.onnx": 26 } },
    { release: "23.10", ownImage: true },
  ),
  onnx("a damaged ONNX file", ["model-file-damaged"], whole, { format: "damaged", reason: "it is truncated" }),
  onnx("weights beside an ONNX model", [], whole, withData({ location: "w", end: 3 }), { more: { "m/1/w": "abc" } }),
  onnx("weights that are missing", ["external-data-missing"], whole, withData({ location: "w", end: 3 })),
  onnx("weights at a negative offset", ["external-data-invalid"], whole, withData({ location: "w", end: NaN }), {
    more: { "m/1/w": "abc" },
  }),
  onnx("weights that are cut off", ["external-data-short"], whole, withData({ location: "w", end: 4 }), {
    more: { "m/1/w": "abc" },
  }),
  onnx("weights in another folder", ["external-data-outside"], whole, withData({ location: "../w", end: 3 }), {
    more: { "m/w": "abc" },
  }),
  {
    ...onnx("an ONNX model in a folder, with its weights beside it", [], whole, rows),
    pieces: { "m/config.pbtxt": `${backend}${whole}`, "m/1/model.onnx/model.onnx": "", "m/1/model.onnx/w": "abc" },
    models: new Map([["m/1/model.onnx/model.onnx", withData({ location: "w", end: 3 })]]),
  },
  {
    ...onnx("an ONNX model's folder without the model", ["model-file-missing"], whole, rows),
    pieces: { "m/config.pbtxt": `${backend}${whole}`, "m/1/model.onnx/other.onnx": "" },
    models: new Map(),
  },
  {
    ...onnx("an ONNX file of another name", ["model-tensor-unknown"], whole, rows),
    pieces: { "m/config.pbtxt": `${backend}default_model_filename: "net.bin"\n${whole}`, "m/1/net.bin": "" },
    models: new Map([["m/1/net.bin", onnxFile({ X: "FLOAT -1 4" }, { y: "FLOAT -1 3" })]]),
  },
  {
    ...onnx("two versions of an ONNX model that are wrong in the same place", ["model-type-mismatch"], "", rows),
    pieces: {
      "m/config.pbtxt": `${backend}version_policy { all { } }\n${io("[ -1, 4 ]", "[ -1, 3 ]", "TYPE_INT8")}`,
      "m/1/model.onnx": "",
      "m/2/model.onnx": "",
    },
    models: new Map([
      ["m/1/model.onnx", rows],
      ["m/2/model.onnx", rows],
    ]),
  },
];

const filled = without("the ONNX Runtime backend of the tests has neither ragged batches nor states of Triton's", [
  onnx("a batch_input that an ONNX model takes", [], counted(), counting("FLOAT -1")),
  onnx("a batch_input of another type than an ONNX model's", ["model-filled-tensor"], counted(), counting("INT64 -1")),
  onnx("a batch_input for no input of an ONNX model", ["model-filled-tensor"], counted("m"), counting("FLOAT -1")),
  onnx("a batch_input of more dimensions than it has", ["model-filled-tensor"], counted(), counting("FLOAT -1 1")),
  onnx("a batch_input of shapes", [], counted("n", "BATCH_ITEM_SHAPE"), counting("FLOAT -1 -1")),
  onnx(
    "a batch_input of shapes in a row",
    ["model-filled-tensor"],
    counted("n", "BATCH_ITEM_SHAPE"),
    counting("FLOAT -1"),
  ),
  onnx("a state that an ONNX model keeps", [], kept("i", "o", "TYPE_FP32"), keeping),
  onnx("a state that no input of an ONNX model takes", ["model-filled-tensor"], kept("j", "o", "TYPE_FP32"), keeping),
  onnx("a state that no output of an ONNX model gives", ["model-filled-tensor"], kept("i", "p", "TYPE_FP32"), keeping),
  onnx(
    "a state of another type than an ONNX model's",
    ["model-filled-tensor", "model-filled-tensor"],
    kept("i", "o", "TYPE_INT32"),
    keeping,
  ),
]);

/** Models whose own file is compared with their configuration. */
export const onnxCases: readonly RepositoryCase[] = [...shapes, ...names, ...completed, ...files, ...filled];
