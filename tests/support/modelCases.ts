import {
  ab,
  bad,
  base,
  chain,
  completing,
  deviating,
  ensemble,
  ensembleHead,
  environment,
  good,
  hangs,
  head,
  noBackend,
  one,
  python,
  run,
  sized,
  startScript,
  state,
  step,
  typed,
  warm,
  warmup,
  without,
  x,
  y,
  type RepositoryCase,
} from "./casePieces.ts";

const codeNotRun = "the check doesn't run Python";

const named = (name: string) => `name: "${name}" data_type: TYPE_FP32 dims: [ 4 ]`;
const y2 = `${y}output { ${named("z")} }\n`;
const optional = `input { ${named("o")} optional: true }\n`;
const inputs = (...pairs: [string, string][]) =>
  pairs.map(([key, value]) => `input_map { key: "${key}" value: "${value}" }`).join(" ");
const outputs = (...pairs: [string, string][]) =>
  pairs.map(([key, value]) => `output_map { key: "${key}" value: "${value}" }`).join(" ");
const stepOf = (name: string, maps: string) => `step { model_name: "${name}" model_version: -1 ${maps} }\n`;
const decoupled = `${base}model_transaction_policy { decoupled: true }`;
const labelled = (file: string) => `${head}${x}output { ${named("y")} label_filename: "${file}" }`;
const tag = (key: string) => one(`${base}metric_tags { key: "${key}" value: "a b" }`);
const forced = (value: string) =>
  one(`${base}parameters { key: "FORCE_CPU_ONLY_INPUT_TENSORS" value { string_value: "${value}" } }`);
const activate = "export LANG=C\n";
const zeros = "data_type: TYPE_FP32 dims: 4 zero_data: true";
const strings = (text: string) =>
  `${head}${typed("input", "TYPE_STRING")}${y}model_warmup { name: "w" batch_size: 1 ${warm(`data_type: TYPE_STRING dims: 4 ${text}`)} }`;
const fromFile = 'initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] data_file: ';

const folders = [
  good("the latest five of one version", one(`${base}version_policy { latest { num_versions: 5 } }`)),
  good("a specific version twice", one(`${base}version_policy { specific { versions: [ 1, 1 ] } }`)),
  bad("no specific version", ["version-policy-empty"], one(`${base}version_policy { specific { } }`)),
  good("an empty version policy", one(`${base}version_policy { }`)),
  bad("a version folder 00", ["version-folder-ignored", "version-missing"], {
    "m/config.pbtxt": base,
    "m/00/model.py": python,
  }),
  bad("a file for a version folder", ["version-missing"], { "m/config.pbtxt": base, "m/1": "" }),
  good("a file beside the version folders that is named like one", one(base, { "m/2": "" })),
  hangs("a negative version", ["version-folder-malformed"], { "m/config.pbtxt": base, "m/-1/model.py": python }),
  good("a negative version that is not loaded", one(base, { "m/-1/model.py": python })),
  hangs("a version 1.5", ["version-folder-malformed"], { "m/config.pbtxt": base, "m/1.5/model.py": python }),
  good("the largest version", { "m/config.pbtxt": base, "m/9223372036854775807/model.py": python }),
  hangs("a folder for a configuration", ["config-not-a-file"], { "m/config.pbtxt/": "", "m/1/model.py": python }),
  good("an empty configuration and a Python file", one("")),
  bad("no configuration, and a folder before the versions", ["backend-undetermined"], {
    "m/+a/x": "",
    "m/1/model.py": python,
  }),
  good("a model inside another one's folder", one(base, { "m/n/config.pbtxt": base, "m/n/1/model.py": python })),
  good("a Python file in a folder", {
    "m/config.pbtxt": `${base}default_model_filename: "served/model.py"`,
    "m/1/served/model.py": python,
  }),
  bad("a Python file above its version", ["model-file-missing"], {
    "m/config.pbtxt": `${base}default_model_filename: "../model.py"`,
    "m/1/": "",
    "m/model.py": python,
  }),
  bad("the platform python", ["backend-undetermined"], one(`platform: "python"\n${x}${y}`)),
  bad("a backend in capitals", ["backend-misnamed"], one(base.replace("python", "Python"))),
  bad("an ensemble as a backend", ["backend-misnamed"], one(base.replace("python", "ensemble"))),
  good("the backend's own library", one(`${base}runtime: "libtriton_python.so"`)),
  bad(
    "a library outside the backend's folder",
    ["runtime-outside"],
    one(`${base}runtime: "../other/libtriton_python.so"`),
  ),
  good("labels in a version's folder", one(labelled("1/l"), { "m/1/l": "a\n" })),
  good("labels by a roundabout path", one(labelled("./1/../l"), { "m/l": "a\n" })),
  bad("labels in a folder", ["label-file-missing"], one(labelled("l"), { "m/l/": "" })),
  good("a metric's tags", tag("a_1")),
  hangs("a metric's tag with a dash", ["metric-tag-invalid"], tag("a-b")),
  hangs("a metric's tag that begins with an underscore", ["metric-tag-invalid"], tag("_a")),
] satisfies RepositoryCase[];

const tensors = [
  good("an input whose dims Python adds", {
    "m/config.pbtxt": `${head}input { name: "x" data_type: TYPE_FP32 }`,
    "m/1/model.py": completing,
  }),
  good("an input whose type Python adds", {
    "m/config.pbtxt": `${head}input { name: "x" dims: 4 }`,
    "m/1/model.py": completing,
  }),
  bad("an input whose name Python can't add", ["tensor-name-missing"], {
    "m/config.pbtxt": `${head}input { data_type: TYPE_FP32 dims: 4 }`,
    "m/1/model.py": completing,
  }),
  bad("an input of dims 0 that Python can't mend", ["tensor-dim-invalid"], {
    "m/config.pbtxt": `${head}input { name: "x" data_type: TYPE_FP32 dims: 0 }`,
    "m/1/model.py": completing,
  }),
  good("only optional inputs", one(`${head}${optional}${y}`)),
  good("an input and an output of one name", one(`${head}input { ${named("y")} }\n${y}`)),
  good(
    "a ragged input without batching",
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: -1 allow_ragged_batch: true }\n${y}`),
  ),
  bad(
    "a reshape whose elements differ by less than a double tells",
    ["reshape-mismatch"],
    one(
      `${head}input { name: "x" data_type: TYPE_FP32 dims: [ 94906267, 94906267 ] reshape { shape: [ 2, 4503599662709644 ] } }\n${y}`,
    ),
  ),
  good(
    "an empty reshape of ones",
    one(`max_batch_size: 2 ${head}input { name: "x" data_type: TYPE_FP32 dims: [ 1, 1 ] reshape { } }\n${y}`),
  ),
  bad(
    "an empty reshape of any size",
    ["reshape-mismatch"],
    one(`max_batch_size: 2 ${head}input { name: "x" data_type: TYPE_FP32 dims: -1 reshape { } }\n${y}`),
  ),
  hangs("a batch_output without target", ["batch-tensor-invalid"], one(`${base}batch_output { source_input: "x" }`)),
] satisfies RepositoryCase[];

const schedulers = [
  good(
    "an instance group of no and of negative instances",
    one(`${base}instance_group [ { count: 0 }, { count: -1 } ]`),
  ),
  good("two instance groups of one name", one(`${base}instance_group [ { name: "a" }, { name: "a" } ]`)),
  good(
    "resources without end",
    one(`${base}instance_group { rate_limiter { resources { name: "R" global: true count: 4000000000 } } }`),
  ),
  good(
    "policies of priorities without levels",
    one(`${base}max_batch_size: 4 dynamic_batching { priority_queue_policy { key: 7 value { } } }`),
  ),
  good(
    "responses in order and a delay without end",
    one(
      `${base}max_batch_size: 4 dynamic_batching { preserve_ordering: true default_queue_policy { timeout_action: DELAY } }`,
    ),
  ),
  bad(
    "a preferred batch size without batching",
    ["preferred-batch-size-invalid"],
    one(`${base}dynamic_batching { preferred_batch_size: 1 }`),
  ),
  good("dynamic batching of a decoupled model", one(`${decoupled} max_batch_size: 4 dynamic_batching { }`)),
  good("a decoupled model that is sent one request for one answer", one(decoupled), ["default-model-decoupled"], {
    inferenceType: "infer",
  }),
  good("a decoupled model that streams", one(decoupled), [], { inferenceType: "generate_stream" }),
  good("sequences of a decoupled model", one(`${decoupled} sequence_batching { iterative_sequence: true }`)),
  good(
    "no candidates for the oldest strategy",
    one(`${base}sequence_batching { oldest { max_candidate_sequences: 0 } }`),
  ),
  good(
    "two signals to one input",
    one(
      `${base}sequence_batching { control_input { name: "q" control { kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1 ] } control { kind: CONTROL_SEQUENCE_END int32_false_true: [ 0, 1 ] } } }`,
    ),
  ),
  bad(
    "a signal of three values",
    ["sequence-control-invalid"],
    one(
      `${base}sequence_batching { control_input { name: "q" control { kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1, 2 ] } } }`,
    ),
  ),
  bad(
    "an id without type",
    ["sequence-control-invalid"],
    one(`${base}sequence_batching { control_input { name: "q" control { kind: CONTROL_SEQUENCE_CORRID } } }`),
  ),
  bad(
    "two inputs for the id",
    ["sequence-control-invalid"],
    one(
      `${base}sequence_batching { ${["q", "r"].map((name) => `control_input { name: "${name}" control { kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_UINT64 } }`).join(" ")} }`,
    ),
  ),
  good(
    "a state that begins with zero_data: false",
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] zero_data: false }')),
  ),
  good("a state from a longer file", one(state(`${fromFile}"s" }`), { "m/initial_state/s": "1234567890" })),
  good(
    "a state from a file elsewhere in the model",
    one(state(`${fromFile}"../s" }`), { "m/s": "12345678", "m/initial_state/": "" }),
  ),
  bad(
    "a state from a folder",
    ["sequence-state-invalid"],
    one(state(`${fromFile}"s" }`), { "m/initial_state/s/": "" }),
  ),
  good("a warm-up three times", one(`${base}model_warmup { name: "w" batch_size: 1 count: 3 ${warm(zeros)} }`)),
  bad("a warm-up of a larger batch", ["warmup-invalid"], one(`max_batch_size: 2 ${warmup(warm(zeros), 3)}`)),
  bad("a warm-up of a batch without batching", ["warmup-invalid"], one(warmup(warm(zeros), 2))),
  good(
    "a warm-up without the optional input",
    one(`${head}${x}${optional}${y}model_warmup { name: "w" batch_size: 1 ${warm(zeros)} }`),
  ),
  good(
    "a warm-up from a file elsewhere in the model",
    one(warmup(warm('data_type: TYPE_FP32 dims: [ 4 ] input_data_file: "../f"')), {
      "m/f": "0123456789abcdef",
      "m/warmup/": "",
    }),
  ),
  good("a warm-up of empty strings", one(strings("zero_data: true"))),
  good(
    "a warm-up of strings from a file",
    one(strings('input_data_file: "f"'), { "m/warmup/f": "\u0001\0\0\0a".repeat(4) }),
  ),
  bad(
    "a warm-up of strings from a short file",
    ["warmup-invalid"],
    one(strings('input_data_file: "f"'), { "m/warmup/f": "\u0001\0\0\0a" }),
  ),
  good("inputs that need not be on the CPU", forced("no")),
  bad("inputs that may be on the CPU", ["backend-parameter-invalid"], forced("maybe")),
] satisfies RepositoryCase[];

const environments = [
  good("an environment that is not named", one(environment(""))),
  good(
    "an environment that is the model's folder",
    one(environment("$$TRITON_MODEL_DIRECTORY"), { "m/bin/activate": activate }),
  ),
  bad(
    "an environment without bin/activate",
    ["environment-missing"],
    one(environment("$$TRITON_MODEL_DIRECTORY/e"), { "m/e/bin/python": "" }),
  ),
  good(
    "an environment in another model's folder",
    { ...one(environment("$$TRITON_MODEL_DIRECTORY/../n/e")), ...step("n"), "n/e/bin/activate": activate },
    ["environment-elsewhere", "model-not-loaded"],
  ),
] satisfies RepositoryCase[];

const ensembles = [
  good(
    "an ensemble's optional input",
    ensemble(
      stepOf("a", inputs(["x", "x"], ["o", "o"]) + outputs(["y", "y"])),
      step("a", `${base}${optional}`),
      `${ensembleHead}${optional}`,
    ),
  ),
  good("a step's output that nobody takes", ensemble(run("a", "x", "y"), step("a", `${head}${x}${y2}`))),
  good(
    "an ensemble's input that is an output too",
    ensemble(run("a", "x", "y"), step("a"), `${ensembleHead}output { ${named("x")} }`),
  ),
  good("a model that is two steps", ensemble(run("a", "x", "t") + run("a", "t", "y"), step("a"))),
  good(
    "a tensor for two inputs of a step",
    ensemble(
      stepOf("a", inputs(["x", "x"], ["q", "x"]) + outputs(["y", "y"])),
      step("a", `${base}input { ${named("q")} }`),
    ),
  ),
  good(
    "a smaller batch than the steps take",
    ensemble(
      chain,
      { ...step("a", `max_batch_size: 8 ${base}`), ...step("b", `max_batch_size: 8 ${base}`) },
      `max_batch_size: 4 ${ensembleHead}`,
    ),
  ),
  good(
    "a batch for a step that does not batch",
    ensemble(run("a", "x", "y"), step("a"), `max_batch_size: 4 ${ensembleHead}`),
  ),
  bad(
    "dynamic batching in an ensemble",
    ["config-repeated-field"],
    ensemble(chain, ab, `${ensembleHead}dynamic_batching { }\n`),
  ),
  good("an ensemble of two versions", {
    ...ensemble(chain, ab, `${ensembleHead}version_policy { all { } }\n`),
    "m/2/": "",
  }),
  good("an ensemble's response cache", ensemble(chain, ab, `${ensembleHead}response_cache { enable: true }\n`), [
    "response-cache-off",
  ]),
  good("an empty list of instance groups", ensemble(chain, ab, `${ensembleHead}instance_group [ ]\n`)),
  good("two ensembles over one model", {
    ...ensemble(run("e", "x", "t") + run("a", "t", "y"), step("a")),
    "e/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${run("a", "x", "y")} }`,
    "e/1/": "",
  }),
  bad(
    "two inputs in one input_map",
    ["config-repeated-field", "config-repeated-field"],
    ensemble(stepOf("a", `input_map { key: "x" value: "x" key: "o" value: "x" } ${outputs(["y", "y"])}`), step("a")),
  ),
  bad(
    "an ensemble's input without type",
    ["tensor-type-missing", "ensemble-type-mismatch"],
    ensemble(run("a", "x", "y"), step("a"), `platform: "ensemble"\ninput { name: "x" dims: 4 }\n${y}`),
  ),
  good("a decoupled model and one after it", ensemble(chain, { ...step("a", decoupled), ...step("b") })),
  good(
    "two decoupled models one after the other",
    ensemble(chain, { ...step("a", decoupled), ...step("b", decoupled) }),
  ),
  good(
    "two outputs of one decoupled model",
    ensemble(
      stepOf("a", inputs(["x", "x"]) + outputs(["y", "y"], ["z", "z"])),
      step("a", `${head}${x}${y2}model_transaction_policy { decoupled: true }`),
      `platform: "ensemble"\n${x}${y2}`,
    ),
  ),
  bad(
    "outputs of two decoupled models",
    ["ensemble-decoupled"],
    ensemble(
      run("a", "x", "y") + run("b", "x", "z"),
      { ...step("a", decoupled), ...step("b", decoupled) },
      `platform: "ensemble"\n${x}${y2}`,
    ),
  ),
  bad(
    "outputs of which one is decoupled",
    ["ensemble-decoupled"],
    ensemble(
      run("a", "x", "y") + run("b", "x", "z"),
      { ...step("a", decoupled), ...step("b") },
      `platform: "ensemble"\n${x}${y2}`,
    ),
  ),
  bad("outputs of which one comes from a decoupled ensemble", ["ensemble-decoupled"], {
    ...ensemble(run("e", "x", "y") + run("b", "x", "z"), step("b"), `platform: "ensemble"\n${x}${y2}`),
    "e/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${run("a", "x", "y")} }`,
    "e/1/": "",
    ...step("a", decoupled),
  }),
  good(
    "an ensemble over a model of sequences",
    ensemble(run("a", "x", "y"), step("a", `${base}sequence_batching { }`)),
  ),
] satisfies RepositoryCase[];

const deviations = [
  ...deviating(codeNotRun, [
    good("Python that adds other dims than the configuration's", {
      "m/config.pbtxt": `${head}${sized("input", "[ 5 ]")}`,
      "m/1/model.py": completing,
    }),
    good(
      "an ensemble of another type than Python adds",
      ensemble(
        run("a", "x", "y"),
        { "a/config.pbtxt": head, "a/1/model.py": completing },
        `platform: "ensemble"\n${typed("input", "TYPE_INT32")}${y}`,
      ),
    ),
    good("Python with a mistake", { "m/config.pbtxt": base, "m/1/model.py": `${python}    def (` }),
  ]),
  ...without(startScript, [
    {
      ...bad("a model's name with a space", ["model-name-space"], {
        "my m/config.pbtxt": base,
        "my m/1/model.py": python,
      }),
      options: {},
    },
  ]),
  ...without("it would need a real library", [
    good("a library that comes along", one(`${base}runtime: "libtriton_other.so"`, { "m/libtriton_other.so": "" })),
  ]),
  ...without(noBackend, [
    good("an input whose type and dims TensorRT adds", {
      "m/config.pbtxt": 'backend: "tensorrt" input { name: "x" } output { name: "y" }',
      "m/1/model.plan": "",
    }),
    good("a scheduler for a batch size that only the TensorRT plan knows", {
      "m/config.pbtxt": `backend: "tensorrt" ${x}${y}dynamic_batching { }`,
      "m/1/model.plan": "",
    }),
    good("a ragged input that only the TensorRT plan knows", {
      "m/config.pbtxt": `backend: "tensorrt" max_batch_size: 8 ${y}batch_input { kind: BATCH_ELEMENT_COUNT source_input: "x" target_name: "n" data_type: TYPE_FP32 }`,
      "m/1/model.plan": "",
    }),
    good("an output whose type and dims DALI adds", {
      "m/config.pbtxt": 'backend: "dali" output { name: "y" }',
      "m/1/model.dali": "",
    }),
    bad("an input whose type and dims ONNX Runtime does not add", ["tensor-type-missing", "tensor-dims-missing"], {
      "m/config.pbtxt": `backend: "onnxruntime" input { name: "x" } ${y}`,
      "m/1/model.onnx": "",
    }),
    good(
      "a backend of four letters in common with Triton's own",
      { "m/config.pbtxt": `backend: "kaldi" ${x}${y}`, "m/1/": "" },
      ["backend-unknown"],
    ),
    good("a PyTorch model that a Python file runs", {
      "m/config.pbtxt": `backend: "pytorch" runtime: "model.py" ${x}${y}`,
      "m/1/": "",
    }),
  ]),
] satisfies RepositoryCase[];

/** Models and ensembles at the edges of what Triton takes, and where the check knows less or more than the Triton of the tests. */
export const modelCases: readonly RepositoryCase[] = [
  ...folders,
  ...tensors,
  ...schedulers,
  ...environments,
  ...ensembles,
  ...deviations,
];
