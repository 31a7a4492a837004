import { base, ensemble, head, run, step, x, y } from "./casePieces.ts";
import type { Pieces } from "./repository.ts";

/** A repository whose model `m` is asked with a request that is made up from its configuration. */
interface RequestCase {
  /** What is special about it. */
  readonly title: string;
  /** Its files. */
  readonly pieces: Pieces;
}

/** Answers each request with zeros. */
const answering = `import numpy
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        self.batches = '"max_batch_size":0' not in args["model_config"]

    def execute(self, requests):
        y = numpy.zeros([1, 4] if self.batches else [4], dtype=numpy.float32)
        return [pb_utils.InferenceResponse([pb_utils.Tensor("y", y)]) for _ in requests]
`;

const one = (config: string): Pieces => ({ "m/config.pbtxt": config, "m/1/model.py": answering });
const input = (text: string) => `input { name: "x" ${text} }\n`;
const controls = (...signals: string[]) =>
  signals.map((signal, index) => `control_input { name: "c${index}" control { ${signal} } }`).join(" ");
const oldest = (text: string) => one(`${base}max_batch_size: 4 sequence_batching { oldest { } ${text} }`);
const chainOf = (config: string, head?: string): Pieces => ({
  ...ensemble(run("a", "x", "t") + run("b", "t", "y"), { ...step("a", config), ...step("b", base) }, head),
  "a/1/model.py": answering,
  "b/1/model.py": answering,
});

/** What a configuration may demand of a request. */
export const requestCases: readonly RequestCase[] = [
  { title: "a plain model", pieces: one(base) },
  { title: "a model that batches", pieces: one(`${base}max_batch_size: 4 dynamic_batching { }`) },
  { title: "sequences in slots", pieces: one(`${base}max_batch_size: 4 sequence_batching { direct { } }`) },
  { title: "the oldest sequences", pieces: oldest("") },
  { title: "sequences without batching", pieces: one(`${base}sequence_batching { }`) },
  {
    title: "sequences with every signal",
    pieces: oldest(
      controls(
        "kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1 ]",
        "kind: CONTROL_SEQUENCE_END bool_false_true: [ false, true ]",
        "kind: CONTROL_SEQUENCE_READY fp32_false_true: [ 0, 1 ]",
        "kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_UINT64",
      ),
    ),
  },
  ...["TYPE_STRING", "TYPE_INT64", "TYPE_UINT32", "TYPE_INT32"].map((type) => ({
    title: `sequences with an id of ${type}`,
    pieces: oldest(controls(`kind: CONTROL_SEQUENCE_CORRID data_type: ${type}`)),
  })),
  {
    title: "sequences with a state of Triton's",
    pieces: oldest('state { input_name: "i" output_name: "o" data_type: TYPE_FP32 dims: [ 2 ] }'),
  },
  { title: "an optional input", pieces: one(`${base}input { name: "o" data_type: TYPE_FP32 dims: 4 optional: true }`) },
  { title: "only optional inputs", pieces: one(`${head}${input("data_type: TYPE_FP32 dims: 4 optional: true")}${y}`) },
  {
    title: "only optional inputs, and batches",
    pieces: one(`max_batch_size: 4 ${head}${input("data_type: TYPE_FP32 dims: 4 optional: true")}${y}`),
  },
  {
    title: "ragged batches",
    pieces: one(
      `max_batch_size: 4 dynamic_batching { } ${head}${input("data_type: TYPE_FP32 dims: -1 allow_ragged_batch: true")}${y}`,
    ),
  },
  {
    title: "a reshape to nothing",
    pieces: one(`max_batch_size: 4 ${head}${input("data_type: TYPE_FP32 dims: 1 reshape { shape: [ ] }")}${y}`),
  },
  {
    title: "a reshape",
    pieces: one(`${head}${input("data_type: TYPE_FP32 dims: 4 reshape { shape: [ 2, 2 ] }")}${y}`),
  },
  ...["TYPE_STRING", "TYPE_BOOL", "TYPE_FP16", "TYPE_BF16", "TYPE_UINT64"].map((type) => ({
    title: `an input of ${type}`,
    pieces: one(`${head}${input(`data_type: ${type} dims: [ -1, 2 ]`)}${y}`),
  })),
  {
    title: "priorities",
    pieces: one(`${base}max_batch_size: 4 dynamic_batching { priority_levels: 2 default_priority_level: 1 }`),
  },
  { title: "an ensemble", pieces: chainOf(base) },
  { title: "an ensemble over a model of sequences", pieces: chainOf(`${base}sequence_batching { }`) },
  {
    title: "an ensemble over a model of sequences with an id of TYPE_STRING",
    pieces: chainOf(
      `${base}sequence_batching { ${controls("kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_STRING")} }`,
      `platform: "ensemble"\n${x}${y}`,
    ),
  },
  {
    title: "iterations over a request",
    pieces: one(`${base}max_batch_size: 4 sequence_batching { iterative_sequence: true }`),
  },
];
