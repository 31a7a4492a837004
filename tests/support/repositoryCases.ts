import {
  ab,
  asks,
  bad,
  base,
  chain,
  completing,
  control,
  ensemble,
  ensembleHead,
  environment,
  good,
  hangs,
  head,
  noBackend,
  noGpu,
  one,
  python,
  run,
  sized,
  startScript,
  state,
  states,
  step,
  typed,
  warm,
  warmup,
  without,
  x,
  y,
  type RepositoryCase,
} from "./casePieces.ts";
import { capacityCases } from "./capacityCases.ts";
import { folderCases } from "./folderCases.ts";
import { modelCases } from "./modelCases.ts";
import { pythonPackageCases } from "./pythonPackageCases.ts";
import { releaseCases } from "./releaseCases.ts";
import { onnxCases } from "./onnxCases.ts";
import { otherFileCases } from "./otherFileCases.ts";
import { parameterCases } from "./parameterCases.ts";
import { textFormatCases } from "./textFormatCases.ts";

const configText = [
  good("a Python model", one(base)),
  good(
    "comments, lists, commas, single quotes and angle brackets",
    one(
      `# a comment\nbackend: 'py' "thon"\ninput: [ { name: "x", data_type: TYPE_FP32; dims: 4 dims: [ 5, -1 ] } ] # more\noutput < name: "y" data_type: 11 dims: [ ] dims: 0x4 >`,
    ),
  ),
  good(
    "values at the ends of their ranges",
    one(`${base}max_batch_size: 2147483647 dynamic_batching { max_queue_delay_microseconds: 18446744073709551615 }`),
  ),
  bad("an unknown field", ["config-unknown-field"], one(`${base}max_batchsize: 4\n`)),
  bad("an unknown field of a nested message", ["config-unknown-field"], one(`${head}input { nam: "x" }\n`)),
  bad("an unknown field in a map's entry", ["config-unknown-field"], one(`${base}parameters { key: "a" val { } }\n`)),
  bad("a number in quotes", ["config-wrong-type"], one(`${base}max_batch_size: "4"\n`)),
  bad("a name without quotes", ["config-wrong-type"], one(`backend: python\n`)),
  bad("a fraction for a whole number", ["config-wrong-type"], one(`${base}max_batch_size: 1.5\n`)),
  bad("a whole number out of range", ["config-wrong-type"], one(`${base}max_batch_size: 2147483648\n`)),
  bad(
    "a negative number for an unsigned field",
    ["config-wrong-type"],
    one(`${base}version_policy { latest { num_versions: -1 } }\n`),
  ),
  bad("yes for true", ["config-wrong-type"], one(`${base}response_cache { enable: yes }\n`)),
  bad(
    "a word for a float",
    ["config-wrong-type"],
    one(`${base}sequence_batching { direct { minimum_slot_utilization: half } }\n`),
  ),
  bad("a scalar for a message", ["config-wrong-type"], one(`${base}version_policy: 3\n`)),
  bad("a message for a scalar", ["config-wrong-type"], one(`${base}max_batch_size { }\n`)),
  bad("a scalar for a map", ["config-wrong-type"], one(`${base}parameters: "a"\n`)),
  bad("a scalar without colon", ["config-wrong-type"], one(`backend "python"\n`)),
  bad(
    "an unknown enum name",
    ["config-unknown-value"],
    one(`${head}input { name: "x" data_type: FP32 dims: [ 1 ] }\n`),
  ),
  bad(
    "an enum in quotes",
    ["config-wrong-type"],
    one(`${head}input { name: "x" data_type: "TYPE_FP32" dims: [ 1 ] }\n`),
  ),
  bad("a field set twice", ["config-repeated-field"], one(`${base}backend: "python"\n`)),
  bad("two schedulers", ["config-repeated-field"], one(`${base}dynamic_batching { } sequence_batching { }\n`)),
  bad("a list for a single value", ["config-repeated-field"], one(`backend: [ "python" ]\n`)),
  bad("an open brace", ["config-syntax"], one(`${base}version_policy {\n`)),
  bad("a closing brace too many", ["config-syntax"], one(`${base}}\n`)),
  bad("an open bracket", ["config-syntax"], one(`${base}instance_group [ { }\n`)),
  bad("an open string", ["config-syntax"], one(`backend: "python\n`)),
  bad("a field without value", ["config-syntax"], one(`backend: }\n`)),
  bad("a comma at the end of a list", ["config-syntax"], one(`${base}instance_group [ { }, ]\n`)),
  bad("two commas", ["config-syntax"], one(`backend: "python",,\n`)),
  bad("an unknown escape", ["config-syntax"], one(`backend: "p\\ython"\n`)),
  bad("a JSON configuration", ["config-syntax"], one(`{ "backend": "python" }\n`)),
  bad(
    "several mistakes at once",
    ["config-unknown-field", "config-unknown-value", "config-wrong-type"],
    one(`${head}input { name: "x" data_type: FLOAT dims: [ a ] }\nbatch_size: 3\n`),
  ),
] satisfies RepositoryCase[];

const folders = [
  good("a name equal to the folder's", one(`name: "m"\n${base}`)),
  bad("a name that differs from the folder's", ["config-name-mismatch"], one(`name: "n"\n${base}`)),
  good("version 0", { "m/config.pbtxt": base, "m/0/model.py": python }),
  good("two versions of which the latest is loaded", { ...one(base), "m/2/model.py": python }),
  hangs("a latest version without file", ["model-file-missing"], { ...one(base), "m/2/": "" }),
  good("an earlier version without file", { ...one(base), "m/0/": "" }),
  hangs("all versions, one without file", ["model-file-missing"], {
    ...one(`${base}version_policy { all { } }`),
    "m/2/": "",
  }),
  good("a specific version", { ...one(`${base}version_policy { specific { versions: [ 1 ] } }`), "m/2/": "" }),
  good(
    "a specific version that is there and one that is not",
    one(`${base}version_policy { specific { versions: [ 1, 7 ] } }`),
    ["version-policy-absent"],
  ),
  bad(
    "a specific version that is not there",
    ["version-policy-empty"],
    one(`${base}version_policy { specific { versions: [ 7 ] } }`),
  ),
  bad("the latest of no versions", ["version-policy-empty"], one(`${base}version_policy { latest { } }`)),
  bad("no version folder", ["version-missing"], { "m/config.pbtxt": base }),
  bad("a version folder v1", ["version-folder-ignored", "version-missing"], {
    "m/config.pbtxt": base,
    "m/v1/model.py": python,
  }),
  bad("a version folder 01", ["version-folder-ignored", "version-missing"], {
    "m/config.pbtxt": base,
    "m/01/model.py": python,
  }),
  good("a version folder 01 beside 1", { ...one(base), "m/01/model.py": python }, ["version-folder-ignored"]),
  good("folders that are no versions", { ...one(base), "m/assets/a.txt": "a", "m/configs/": "", "m/warmup/": "" }),
  good("a version 1a beside 1", { ...one(base), "m/1a/model.py": python }),
  hangs("no model file", ["model-file-missing"], { "m/config.pbtxt": base, "m/1/other.py": python }),
  good("a model file of another name", {
    "m/config.pbtxt": `${base}default_model_filename: "other.py"`,
    "m/1/other.py": python,
  }),
  hangs("another name and no such file", ["model-file-missing"], one(`${base}default_model_filename: "other.py"`)),
  hangs("a folder for a model file", ["model-file-kind"], { "m/config.pbtxt": base, "m/1/model.py/": "" }),
  good("a configuration of another name", { "m/model.pbtxt": base, "m/1/model.py": python }, ["config-file-name"]),
  good("no configuration and a Python file", { "m/1/model.py": python }),
  good("no configuration and Python that completes it", { "m/1/model.py": completing }),
  good("neither backend nor platform, and a Python file", one(`${x}${y}`)),
  bad("no configuration and no known file", ["backend-undetermined"], { "m/1/model.bin": "" }),
  bad("a file name that tells no backend", ["backend-undetermined"], one('default_model_filename: "model.bin"')),
  bad("an unknown platform", ["backend-undetermined"], one(`platform: "onnx"\n${x}${y}`)),
  good("a platform that Triton does not know beside a backend", one(`${base}platform: "whatever"`)),
  bad("a backend that is nearly one", ["backend-misnamed"], one(`backend: "pyton"\n${x}${y}`)),
  bad("a platform for a backend", ["backend-misnamed"], one(`backend: "onnxruntime_onnx"\n${x}${y}`)),
  good(
    "a label file",
    one(`${head}${x}output { name: "y" data_type: TYPE_FP32 dims: [ 4 ] label_filename: "l.txt" }`, {
      "m/l.txt": "a\nb\n",
    }),
  ),
  bad(
    "a label file that is not there",
    ["label-file-missing"],
    one(`${head}${x}output { name: "y" data_type: TYPE_FP32 dims: [ 4 ] label_filename: "l.txt" }`),
  ),
  bad(
    "a batching library that is not there",
    ["batch-strategy-missing"],
    one(`${base}parameters { key: "TRITON_BATCH_STRATEGY_PATH" value { string_value: "/opt/none.so" } }`),
  ),
  bad(
    "a batching library for sequences",
    ["batch-strategy-missing"],
    one(
      `${base}sequence_batching { } parameters { key: "TRITON_BATCH_STRATEGY_PATH" value { string_value: "/opt/none.so" } }`,
    ),
  ),
] satisfies RepositoryCase[];

const tensors = [
  good("no inputs and outputs", one(head)),
  good("dims of any size", one(`${head}${sized("input", "[ -1, 3 ]")}${y}`)),
  bad("dims 0", ["tensor-dim-invalid"], one(`${head}${sized("input", "[ 0 ]")}${y}`)),
  bad("dims -2", ["tensor-dim-invalid"], one(`${head}${x}${sized("output", "[ 3, -2 ]")}`)),
  bad("no dims", ["tensor-dims-missing"], one(`${head}input { name: "x" data_type: TYPE_FP32 }\n${y}`)),
  bad("empty dims", ["tensor-dims-missing"], one(`${head}${sized("input", "[ ]")}${y}`)),
  bad("no data_type", ["tensor-type-missing"], one(`${head}input { name: "x" dims: [ 1 ] }\n${y}`)),
  bad("TYPE_INVALID", ["tensor-type-missing"], one(`${head}${typed("input", "TYPE_INVALID")}${y}`)),
  bad(
    "an output without name",
    ["tensor-name-missing"],
    one(`${head}${x}output { data_type: TYPE_FP32 dims: [ 1 ] }\n`),
  ),
  good("two inputs of one name", one(`${head}${x}${x}${y}`), ["tensor-name-repeated"]),
  good(
    "a reshape that keeps the elements",
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] reshape { shape: [ 2, 2 ] } }\n${y}`),
  ),
  good(
    "a reshape around sizes that vary",
    one(
      `${head}input { name: "x" data_type: TYPE_FP32 dims: [ 2, 4, -1, 6 ] reshape { shape: [ 8, -1, 1, 6 ] } }\n${y}`,
    ),
  ),
  bad(
    "a reshape that loses elements",
    ["reshape-mismatch"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] reshape { shape: [ 3 ] } }\n${y}`),
  ),
  bad(
    "a reshape that moves elements over a size that varies",
    ["reshape-mismatch"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 2, -1, 4 ] reshape { shape: [ 4, -1, 2 ] } }\n${y}`),
  ),
  bad(
    "a reshape of other rank of sizes that vary",
    ["reshape-mismatch"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ -1, -1 ] reshape { shape: [ -1 ] } }\n${y}`),
  ),
  bad(
    "a reshape to 0",
    ["reshape-invalid"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] reshape { shape: [ 0 ] } }\n${y}`),
  ),
  bad(
    "an empty reshape without batching",
    ["reshape-invalid"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 1 ] reshape { } }\n${y}`),
  ),
  good(
    "an empty reshape with batching",
    one(`max_batch_size: 2 ${head}input { name: "x" data_type: TYPE_FP32 dims: [ 1 ] reshape { } }\n${y}`),
  ),
  bad(
    "an empty reshape of several elements",
    ["reshape-mismatch"],
    one(`max_batch_size: 2 ${head}input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] reshape { } }\n${y}`),
  ),
  good(
    "an image's format",
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 3, 8, 8 ] format: FORMAT_NCHW }\n${y}`),
  ),
  bad(
    "an image's format of two dims",
    ["tensor-format-dims"],
    one(`${head}input { name: "x" data_type: TYPE_FP32 dims: [ 8, 8 ] format: FORMAT_NHWC }\n${y}`),
  ),
  bad(
    "a shape tensor",
    ["tensorrt-only"],
    one(`${head}input { name: "x" data_type: TYPE_INT32 dims: [ 2 ] is_shape_tensor: true }\n${y}`),
  ),
  bad(
    "a non-linear format",
    ["tensorrt-only"],
    one(`${head}${x}output { name: "y" data_type: TYPE_FP32 dims: [ 2 ] is_non_linear_format_io: true }\n`),
  ),
  good(
    "a ragged input",
    one(
      `max_batch_size: 4 ${head}input { name: "x" data_type: TYPE_FP32 dims: [ -1 ] allow_ragged_batch: true }\n${y}batch_input { kind: BATCH_ACCUMULATED_ELEMENT_COUNT target_name: "i" data_type: TYPE_FP32 source_input: "x" }`,
    ),
  ),
  bad(
    "a batch_input of no input",
    ["batch-tensor-invalid"],
    one(`${base}batch_input { target_name: "i" data_type: TYPE_FP32 }`),
  ),
  bad(
    "a batch_input of an unknown input",
    ["batch-tensor-invalid"],
    one(`${base}batch_input { target_name: "i" data_type: TYPE_FP32 source_input: "z" }`),
  ),
  bad(
    "a batch_input of another type",
    ["batch-tensor-invalid"],
    one(`${base}batch_input { target_name: "i" data_type: TYPE_INT64 source_input: "x" }`),
  ),
  good("a batch_output", one(`${base}batch_output { target_name: "y" source_input: "x" }`)),
  bad(
    "a batch_output of an unknown output",
    ["batch-tensor-invalid"],
    one(`${base}batch_output { target_name: "z" source_input: "x" }`),
  ),
  bad(
    "a batch_output that names an output twice",
    ["batch-tensor-invalid"],
    one(`${base}batch_output { target_name: [ "y", "y" ] source_input: "x" }`),
  ),
] satisfies RepositoryCase[];

const schedulers = [
  bad("a negative batch size", ["max-batch-size-negative"], one(`${base}max_batch_size: -1`)),
  good("preferred batch sizes", one(`${base}max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 4, 8 ] }`)),
  bad(
    "a preferred batch size above the largest",
    ["preferred-batch-size-invalid"],
    one(`${base}max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 4, 16 ] }`),
  ),
  bad(
    "a preferred batch size of 0",
    ["preferred-batch-size-invalid"],
    one(`${base}max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 0 ] }`),
  ),
  good("dynamic batching of a model that does not batch", one(`${base}dynamic_batching { }`), [
    "dynamic-batching-idle",
  ]),
  good(
    "priorities",
    one(
      `${base}max_batch_size: 8 dynamic_batching { priority_levels: 2 default_priority_level: 1 priority_queue_policy { key: 2 value { timeout_action: DELAY default_timeout_microseconds: 5 } } }`,
    ),
  ),
  bad(
    "priorities without default",
    ["priority-level-invalid"],
    one(`${base}max_batch_size: 8 dynamic_batching { priority_levels: 2 }`),
  ),
  bad(
    "a default priority above the levels",
    ["priority-level-invalid"],
    one(`${base}max_batch_size: 8 dynamic_batching { priority_levels: 2 default_priority_level: 3 }`),
  ),
  bad(
    "a policy of a priority above the levels",
    ["priority-level-invalid"],
    one(
      `${base}max_batch_size: 8 dynamic_batching { priority_levels: 2 default_priority_level: 1 priority_queue_policy { key: 3 value { } } }`,
    ),
  ),
  good("responses in order", one(`${base}max_batch_size: 8 dynamic_batching { preserve_ordering: true }`)),
  bad(
    "responses in order with priorities",
    ["preserve-ordering-conflict"],
    one(
      `${base}max_batch_size: 8 dynamic_batching { preserve_ordering: true priority_levels: 2 default_priority_level: 1 }`,
    ),
  ),
  bad(
    "responses in order with delays",
    ["preserve-ordering-conflict"],
    one(
      `${base}max_batch_size: 8 dynamic_batching { preserve_ordering: true default_queue_policy { timeout_action: DELAY default_timeout_microseconds: 5 } }`,
    ),
  ),
  good("a response cache", one(`${base}response_cache { enable: true }`), ["response-cache-off"]),
  good("a response cache that is off", one(`${base}response_cache { enable: false }`)),
  bad(
    "a response cache for sequences",
    ["response-cache-conflict"],
    one(`${base}response_cache { enable: true } sequence_batching { }`),
  ),
  bad(
    "a response cache for a decoupled model",
    ["response-cache-conflict"],
    one(`${base}response_cache { enable: true } model_transaction_policy { decoupled: true }`),
  ),
  good("a CPU instance group", one(`${base}instance_group [ { count: 2 kind: KIND_CPU } ]`)),
  good("an instance group of any kind", one(`${base}instance_group [ { } ]`)),
  bad(
    "a CPU instance group with gpus",
    ["instance-group-gpus"],
    one(`${base}instance_group [ { kind: KIND_CPU gpus: [ 0 ] } ]`),
  ),
  bad(
    "a model instance group with gpus",
    ["instance-group-gpus"],
    one(`${base}instance_group [ { kind: KIND_MODEL gpus: [ 0 ] } ]`),
  ),
  bad(
    "an instance group of any kind with gpus, without a GPU",
    ["instance-group-gpus"],
    one(`${base}instance_group [ { gpus: [ 0 ] } ]`),
    { accelerator: "cpu" },
  ),
  bad(
    "a GPU instance group without a GPU",
    ["instance-group-needs-gpu"],
    one(`${base}instance_group [ { kind: KIND_GPU } ]`),
    { accelerator: "cpu" },
  ),
  bad("a profile", ["instance-group-profile"], one(`${base}instance_group [ { profile: "1" } ]`)),
  good(
    "rate limiter resources",
    one(`${base}instance_group [ { rate_limiter { resources [ { name: "R" count: 4 } ] priority: 2 } } ]`),
  ),
  good("an optimization", one(`${base}optimization { cuda { graphs: true } priority: PRIORITY_MAX }`)),
  good(
    "a sequence's control inputs",
    one(
      `${base}max_batch_size: 4 sequence_batching { max_sequence_idle_microseconds: 5 control_input [ { name: "START" control [ { kind: CONTROL_SEQUENCE_START fp32_false_true: [ 0, 1 ] } ] }, { name: "ID" control { kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_UINT64 } } ] oldest { preferred_batch_size: [ 2 ] } }`,
    ),
  ),
  good("a boolean control input", one(control("kind: CONTROL_SEQUENCE_END bool_false_true: [ false, true ]"))),
  bad("a control without values", ["sequence-control-invalid"], one(control("kind: CONTROL_SEQUENCE_START"))),
  bad(
    "a control of one value",
    ["sequence-control-invalid"],
    one(control("kind: CONTROL_SEQUENCE_START int32_false_true: [ 0 ]")),
  ),
  bad(
    "a control of two types",
    ["sequence-control-invalid"],
    one(control("kind: CONTROL_SEQUENCE_READY int32_false_true: [ 0, 1 ] fp32_false_true: [ 0, 1 ]")),
  ),
  bad(
    "an id of a type that no id has",
    ["sequence-control-invalid"],
    one(control("kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_FP32")),
  ),
  bad(
    "an id with values for no and yes",
    ["sequence-control-invalid"],
    one(control("kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_UINT64 int32_false_true: [ 0, 1 ]")),
  ),
  bad(
    "a control twice",
    ["sequence-control-invalid"],
    one(
      control(
        "kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1 ] } control { kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1 ]",
      ),
    ),
  ),
  bad(
    "a control input without name",
    ["sequence-control-invalid"],
    one(`${base}sequence_batching { control_input { } }`),
  ),
  bad(
    "a control input twice",
    ["sequence-control-invalid"],
    one(`${base}sequence_batching { control_input { name: "a" } control_input { name: "a" } }`),
  ),
  bad(
    "a slot utilization above 1",
    ["slot-utilization-invalid"],
    one(`${base}sequence_batching { direct { minimum_slot_utilization: 1.5 } }`),
  ),
  bad(
    "an oldest strategy's batch size above the largest",
    ["preferred-batch-size-invalid"],
    one(`${base}max_batch_size: 2 sequence_batching { oldest { preferred_batch_size: [ 4 ] } }`),
  ),
  bad(
    "states whose names sort differently from their pairs",
    ["sequence-state-order"],
    one(states(["mem", "mem_new"], ["mem_n", "mem_n_new"])),
  ),
  good("states whose names sort as their pairs do", one(states(["mem_n", "new_mem_n"], ["mem", "new_mem"]))),
  good("states named by numbers in any order", one(states(["i1", "o1"], ["i0", "o0"], ["i2", "o2"]))),
  bad("three states that go around", ["sequence-state-order"], one(states(["a", "y"], ["b", "z"], ["c", "x"]))),
  good(
    "states that sort differently and share their memory",
    one(
      states(["a", "y"], ["b", "x"]).replaceAll(
        "dims: [ 2 ] }",
        "dims: [ 2 ] use_same_buffer_for_input_output: true }",
      ),
    ),
  ),
  bad("two states with one input", ["sequence-state-ignored"], one(states(["a", "x"], ["a", "y"]))),
  bad("two states with one output", ["sequence-state-ignored"], one(states(["a", "x"], ["b", "x"]))),
  good("an implicit state", one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] zero_data: true }'))),
  good(
    "an implicit state from a file",
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] data_file: "s" }'), {
      "m/initial_state/s": "12345678",
    }),
  ),
  bad(
    "a state from a short file",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] data_file: "s" }'), {
      "m/initial_state/s": "1234",
    }),
  ),
  bad(
    "a state from no file",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] data_file: "s" }')),
  ),
  bad(
    "a state that begins with another type",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_INT32 dims: [ 2 ] zero_data: true }')),
  ),
  bad(
    "a state that begins with another shape",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 3 ] zero_data: true }')),
  ),
  bad(
    "a state that begins with any shape",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ -1 ] zero_data: true }')),
  ),
  bad(
    "a state that begins with nothing",
    ["sequence-state-invalid"],
    one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] }')),
  ),
  bad(
    "a state that begins without name",
    ["sequence-state-invalid"],
    one(state("initial_state { data_type: TYPE_FP32 dims: [ 2 ] zero_data: true }")),
  ),
  bad(
    "a state that begins twice",
    ["sequence-state-invalid"],
    one(
      state(
        'initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] zero_data: true } initial_state { name: "t" data_type: TYPE_FP32 dims: [ 2 ] zero_data: true }',
      ),
    ),
  ),
  good("a warm-up", one(warmup(warm("data_type: TYPE_FP32 dims: [ 4 ] zero_data: true")))),
  good("a warm-up of random data", one(warmup(warm("data_type: TYPE_FP32 dims: [ 4 ] random_data: true")))),
  good(
    "a warm-up from a file",
    one(warmup(warm('data_type: TYPE_FP32 dims: [ 4 ] input_data_file: "f"')), { "m/warmup/f": "0123456789abcdef" }),
  ),
  good("a wrong warm-up of batch size 0", one(warmup("", 0))),
  bad(
    "a warm-up from no file",
    ["warmup-file-missing"],
    one(warmup(warm('data_type: TYPE_FP32 dims: [ 4 ] input_data_file: "f"'))),
  ),
  bad(
    "a warm-up from a short file",
    ["warmup-invalid"],
    one(warmup(warm('data_type: TYPE_FP32 dims: [ 4 ] input_data_file: "f"')), { "m/warmup/f": "0123" }),
  ),
  bad(
    "a warm-up of any size",
    ["warmup-invalid"],
    one(warmup(warm("data_type: TYPE_FP32 dims: [ -1 ] zero_data: true"))),
  ),
  bad(
    "a warm-up of another type",
    ["warmup-invalid"],
    one(warmup(warm("data_type: TYPE_INT32 dims: [ 4 ] zero_data: true"))),
  ),
  bad(
    "a warm-up of another shape",
    ["warmup-invalid"],
    one(warmup(warm("data_type: TYPE_FP32 dims: [ 5 ] zero_data: true"))),
  ),
  bad("a warm-up without data", ["warmup-invalid"], one(warmup(warm("data_type: TYPE_FP32 dims: [ 4 ]")))),
  bad("a warm-up that lacks an input", ["warmup-invalid"], one(warmup(""))),
] satisfies RepositoryCase[];

const ensembles = [
  good("an ensemble", ensemble(chain, ab)),
  good("an ensemble whose steps stand in another order", ensemble(run("b", "t", "y") + run("a", "x", "t"), ab)),
  good("an ensemble of an ensemble", {
    ...ensemble(run("e", "x", "y"), {}),
    "e/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${run("a", "x", "y")} }`,
    "e/1/": "",
    ...step("a"),
  }),
  bad("an ensemble without version folder", ["version-missing"], {
    "m/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${run("a", "x", "y")} }`,
    ...step("a"),
  }),
  bad("an ensemble without scheduling", ["ensemble-incomplete"], { "m/config.pbtxt": ensembleHead, "m/1/": "" }),
  bad("scheduling without the platform", ["ensemble-incomplete"], ensemble(run("a", "x", "y"), step("a"), `${x}${y}`)),
  bad("an ensemble without steps", ["ensemble-incomplete"], ensemble("", {})),
  bad(
    "an ensemble with a backend",
    ["ensemble-field-forbidden"],
    ensemble(chain, ab, `backend: "python" ${ensembleHead}`),
  ),
  bad(
    "an ensemble with an instance group",
    ["ensemble-field-forbidden"],
    ensemble(chain, ab, `instance_group [ { } ] ${ensembleHead}`),
  ),
  bad(
    "an ensemble with an optimization",
    ["ensemble-field-forbidden"],
    ensemble(chain, ab, `optimization { } ${ensembleHead}`),
  ),
  bad(
    "an ensemble with a warm-up",
    ["ensemble-field-forbidden"],
    ensemble(chain, ab, `model_warmup { } ${ensembleHead}`),
  ),
  bad("a step without model", ["ensemble-step-incomplete"], ensemble(run("", "x", "y"), {})),
  bad(
    "a step without maps",
    ["ensemble-step-incomplete", "ensemble-step-incomplete", "ensemble-input-unmapped"],
    ensemble('step { model_name: "a" model_version: -1 }', step("a")),
  ),
  bad(
    "a step of an unknown model",
    ["ensemble-model-unknown"],
    ensemble(run("a", "x", "t") + run("c", "t", "y"), step("a")),
  ),
  bad("a step without model_version", ["ensemble-version-unavailable"], ensemble(run("a", "x", "y", ""), step("a"))),
  good("a step without model_version, and a version 0", ensemble(run("a", "x", "y", ""), step("a", base, ["0"]))),
  bad(
    "a step of a version that is not loaded",
    ["ensemble-version-unavailable"],
    ensemble(run("a", "x", "y", "model_version: 1"), step("a", base, ["1", "2"])),
  ),
  bad("an ensemble that runs itself", ["ensemble-model-cycle"], ensemble(run("m", "x", "y"), {})),
  bad("two ensembles that run each other", ["ensemble-model-cycle", "ensemble-model-cycle"], {
    ...ensemble(run("e", "x", "y"), {}),
    "e/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${run("m", "x", "y")} }`,
    "e/1/": "",
  }),
  bad(
    "a tensor that nobody makes",
    ["ensemble-tensor-unmade"],
    ensemble(
      run("a", "x", "t") +
        'step { model_name: "c" model_version: -1 input_map { key: "x" value: "t" } input_map { key: "z" value: "nobody" } output_map { key: "y" value: "y" } }',
      {
        ...step("a"),
        ...step("c", `${head}${x}input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }\n${y}`),
      },
    ),
  ),
  bad(
    "an output that nobody makes",
    ["ensemble-tensor-unmade", "ensemble-tensor-unused"],
    ensemble(run("a", "x", "z"), step("a")),
  ),
  bad(
    "an input that nobody takes",
    ["ensemble-tensor-unused"],
    ensemble(chain, ab, `${ensembleHead}input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }\n`),
  ),
  bad("a tensor made twice", ["ensemble-tensor-repeated"], ensemble(run("a", "x", "y") + run("b", "x", "y"), ab)),
  bad("a tensor made and not used", ["ensemble-tensor-unused"], ensemble(run("a", "x", "y") + run("b", "x", "t"), ab)),
  bad(
    "steps that wait for each other",
    ["ensemble-tensor-cycle"],
    ensemble(run("a", "u", "t") + run("b", "t", "u") + run("c", "x", "y"), { ...ab, ...step("c") }),
  ),
  bad(
    "a map of an input that the model lacks",
    ["ensemble-input-unmapped", "ensemble-map-unknown"],
    ensemble(run("a", "x", "y").replace('"x" value', '"q" value'), step("a")),
  ),
  bad(
    "a map of an output that the model lacks",
    ["ensemble-map-unknown"],
    ensemble(run("a", "x", "y").replace('"y" value', '"q" value'), step("a")),
  ),
  bad(
    "an input that is not mapped",
    ["ensemble-input-unmapped"],
    ensemble(run("a", "x", "y"), step("a", `${base}input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }`)),
  ),
  good(
    "an optional input that is not mapped",
    ensemble(
      run("a", "x", "y"),
      step("a", `${base}input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] optional: true }`),
    ),
  ),
  bad(
    "an optional input of an ensemble that a step requires",
    ["ensemble-input-optional"],
    ensemble(run("a", "x", "y"), step("a"), ensembleHead.replace("[ 4 ] }", "[ 4 ] optional: true }")),
  ),
  bad(
    "an optional input of an ensemble that two steps require",
    ["ensemble-input-optional", "ensemble-input-optional"],
    ensemble(
      `${run("a", "x", "y")}step { model_name: "b" model_version: -1 input_map { key: "x" value: "x" } output_map { key: "y" value: "z" } }`,
      ab,
      ensembleHead.replace("[ 4 ] }", "[ 4 ] optional: true }") +
        'output { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }\n',
    ),
  ),
  good(
    "an optional input of an ensemble that its step can do without",
    ensemble(
      run("a", "x", "y"),
      step("a", base.replace("[ 4 ] }", "[ 4 ] optional: true }")),
      ensembleHead.replace("[ 4 ] }", "[ 4 ] optional: true }"),
    ),
  ),
  bad(
    "another type between steps",
    ["ensemble-type-mismatch"],
    ensemble(chain, { ...step("a"), ...step("b", `${head}${typed("input", "TYPE_INT32")}${y}`) }),
  ),
  bad(
    "another type than the ensemble's",
    ["ensemble-type-mismatch"],
    ensemble(chain, { ...step("a"), ...step("b", `${head}${x}${typed("output", "TYPE_FP64")}`) }),
  ),
  bad(
    "another shape between steps",
    ["ensemble-shape-mismatch"],
    ensemble(chain, { ...step("a"), ...step("b", `${head}${sized("input", "[ 5 ]")}${y}`) }),
  ),
  bad(
    "another rank between steps",
    ["ensemble-shape-mismatch"],
    ensemble(chain, { ...step("a"), ...step("b", `${head}${sized("input", "[ 4, 1 ]")}${y}`) }),
  ),
  good(
    "a size that varies between steps",
    ensemble(chain, { ...step("a"), ...step("b", `${head}${sized("input", "[ -1 ]")}${y}`) }),
  ),
  good(
    "a step that batches after one that does not",
    ensemble(
      chain,
      {
        ...step("a", `${head}${sized("input", "[ -1, 4 ]")}${sized("output", "[ -1, 4 ]")}`),
        ...step("b", `max_batch_size: 8 ${base}`),
      },
      `max_batch_size: 8 ${ensembleHead}`,
    ),
  ),
  bad(
    "a larger batch than a step takes",
    ["ensemble-batch-size"],
    ensemble(
      chain,
      { ...step("a", `max_batch_size: 4 ${base}`), ...step("b", `max_batch_size: 8 ${base}`) },
      `max_batch_size: 8 ${ensembleHead}`,
    ),
  ),
  good(
    "a step whose Python completes its configuration",
    ensemble(run("a", "x", "y"), { "a/1/model.py": completing, "a/config.pbtxt": head }),
  ),
  good(
    "an ensemble that reshapes its input",
    ensemble(
      run("a", "x", "y"),
      step("a", `${head}${sized("input", "[ 2, 2 ]")}${y}`),
      `platform: "ensemble"\ninput { name: "x" data_type: TYPE_FP32 dims: [ 4 ] reshape { shape: [ 2, 2 ] } }\n${y}`,
    ),
  ),
  bad(
    "a broken step",
    ["tensor-dim-invalid", "ensemble-shape-mismatch"],
    ensemble(chain, { ...step("a"), ...step("b", `${head}${x}${sized("output", "[ 0 ]")}`) }),
  ),
  bad(
    "tensors of different decoupled models in a step",
    ["ensemble-decoupled"],
    ensemble(
      run("a", "x", "t") +
        run("b", "x", "u") +
        'step { model_name: "c" model_version: -1 input_map { key: "x" value: "t" } input_map { key: "z" value: "u" } output_map { key: "y" value: "y" } }',
      {
        ...step("a", `${base}model_transaction_policy { decoupled: true }`),
        ...step("b", `${base}model_transaction_policy { decoupled: true }`),
        ...step("c", `${head}${x}input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }\n${y}`),
      },
    ),
  ),
  good(
    "a broken model that is not loaded",
    { ...one(base), ...step("broken", `${head}${sized("input", "[ 0 ]")}${y}`) },
    ["tensor-dim-invalid", "model-not-loaded"],
  ),
  bad(
    "a broken model that an argument loads",
    ["tensor-dim-invalid"],
    { ...one(base), ...step("broken", `${head}${sized("input", "[ 0 ]")}${y}`) },
    { additionalArgs: "--load-model broken" },
  ),
  bad("an argument that loads an unknown model", ["load-model-unknown"], one(base), {
    additionalArgs: "--load-model=n",
  }),
] satisfies RepositoryCase[];

const pythonModels = [
  bad("Python without the class", ["python-class-missing"], {
    "m/config.pbtxt": base,
    "m/1/model.py": "class Model:\n    pass\n",
  }),
  good(
    "a class that answers nothing",
    { "m/config.pbtxt": base, "m/1/model.py": "class TritonPythonModel:\n    pass\n" },
    ["python-execute-missing"],
  ),
  good("a class from a file beside", {
    "m/config.pbtxt": base,
    "m/1/model.py":
      "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nfrom served import TritonPythonModel\n",
    "m/1/served.py": python,
  }),
  good("a call of a model that is not loaded", { ...one(base, { "m/1/model.py": asks("child") }), ...step("child") }, [
    "bls-model-not-loaded",
  ]),
  good(
    "a call of a model that an argument loads",
    { ...one(base, { "m/1/model.py": asks("child") }), ...step("child") },
    [],
    { additionalArgs: "--load-model=child" },
  ),
  good("a call of a model that is not there", one(base, { "m/1/model.py": asks("child") }), ["bls-model-unknown"]),
  good(
    "a call of a model by a constant's name",
    {
      ...one(base, {
        "m/1/model.py": `CHILD = "child"\n${python}\n    def ask(self):\n        return pb_utils.InferenceRequest(model_name=CHILD, inputs=[]).exec()\n`,
      }),
      ...step("child"),
    },
    ["bls-model-not-loaded"],
  ),
  good(
    "a call of a model that the code loads",
    {
      ...one(base, { "m/1/model.py": `${asks("child")}\n    def load(self):\n        pb_utils.load_model("child")\n` }),
      ...step("child"),
    },
    ["model-not-loaded"],
  ),
  good(
    "calls over two models",
    {
      ...one(base, { "m/1/model.py": asks("child") }),
      ...step("child"),
      "child/1/model.py": asks("grandchild"),
      ...step("grandchild"),
    },
    ["bls-model-not-loaded", "bls-model-not-loaded"],
  ),
  bad("an environment elsewhere", ["environment-outside"], one(environment("/opt/environment.tar.gz"))),
  bad(
    "an environment that is not there",
    ["environment-missing"],
    one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz")),
  ),
  good(
    "an environment in a folder",
    one(environment("$$TRITON_MODEL_DIRECTORY/environment"), { "m/environment/bin/activate": "export LANG=C\n" }),
  ),
] satisfies RepositoryCase[];

const starts = without(startScript, [
  bad("no model", ["repository-empty"], {}, {}),
  bad("a model at the root", ["config-at-root"], { "config.pbtxt": base, "1/model.py": python }),
  bad("a default model that is not there", ["default-model-unknown"], one(base), {
    defaultModelName: "n",
  }),
  { ...bad("several models and no default one", ["default-model-ambiguous"], ab), options: {} },
  {
    ...bad("several models and none that runs the others", ["default-model-ambiguous"], ab),
    options: { assumeDefaultModel: true },
  },
  {
    ...good("several models, of which one runs the others", ensemble(chain, ab), ["default-model-assumed"]),
    options: { assumeDefaultModel: true },
  },
  { ...good("one model and no default one", one(base)), options: {} },
  bad("all models by argument", ["load-model-conflict"], one(base), { additionalArgs: "--load-model=*" }),
  bad("another control mode", ["load-model-conflict"], one(base), {
    additionalArgs: "--log-verbose=1 --model-control-mode=none",
  }),
]);

const otherBackends = without(noBackend, [
  good("an ONNX model without configuration", { "m/1/model.onnx": "" }),
  good("an ONNX model in a folder", { "m/1/model.onnx/model.onnx": "" }),
  good("a TensorRT model without configuration", { "m/1/model.plan": "" }, [], { accelerator: "gpu" }),
  bad("a TensorRT model without a GPU", ["backend-needs-gpu"], { "m/1/model.plan": "" }, { accelerator: "cpu" }),
  bad(
    "a configured TensorRT model without a GPU",
    ["backend-needs-gpu"],
    { "m/config.pbtxt": 'backend: "tensorrt"', "m/1/model.plan": "" },
    { accelerator: "cpu" },
  ),
  good("an OpenVINO model without configuration", { "m/1/model.xml": "", "m/1/model.bin": "" }),
  good("a SavedModel without configuration", { "m/1/model.savedmodel/saved_model.pb": "" }),
  good("a GraphDef by its backend", { "m/config.pbtxt": 'backend: "tensorflow"', "m/1/model.graphdef": "" }),
  bad("TensorFlow without platform and without file", ["backend-platform-mismatch"], {
    "m/config.pbtxt": 'backend: "tensorflow"',
    "m/1/": "",
  }),
  good("a PyTorch model", { "m/config.pbtxt": `platform: "pytorch_libtorch" ${x}${y}`, "m/1/model.pt": "" }),
  bad("a PyTorch model without configuration", ["backend-needs-config"], { "m/1/model.pt": "" }),
  bad("a PyTorch model without inputs", ["backend-needs-config"], {
    "m/config.pbtxt": `backend: "pytorch" ${y}`,
    "m/1/model.pt": "",
  }),
  bad("a PyTorch model in a folder", ["model-file-kind"], {
    "m/config.pbtxt": `backend: "pytorch" ${x}${y}`,
    "m/1/model.pt/data": "",
  }),
  bad("an ONNX model that is called otherwise", ["model-file-missing"], {
    "m/config.pbtxt": 'backend: "onnxruntime"',
    "m/1/penguins.onnx": "",
  }),
  good("an ONNX model that is called as it says", {
    "m/config.pbtxt": 'backend: "onnxruntime" default_model_filename: "penguins.onnx"',
    "m/1/penguins.onnx": "",
  }),
  bad("a backend of another platform", ["backend-platform-mismatch"], {
    "m/config.pbtxt": 'backend: "onnxruntime" platform: "tensorrt_plan"',
    "m/1/model.onnx": "",
  }),
  good("a DALI pipeline", { "m/config.pbtxt": 'backend: "dali"', "m/1/dali.py": "" }),
  good("a backend by the model's name", { "m.identity/1/a": "" }, [], { defaultModelName: "m.identity" }),
  good("a backend of the user's own", { "m/config.pbtxt": `backend: "penguins" ${x}${y}`, "m/1/": "" }, [
    "backend-unknown",
  ]),
  good("a backend that comes along", {
    "m/config.pbtxt": `backend: "penguins" ${x}${y}`,
    "m/1/libtriton_penguins.so": "",
  }),
  good("a backend with a library of its own", {
    "m/config.pbtxt": `backend: "pytorch" runtime: "model.py" ${x}${y}`,
    "m/1/model.py": "",
  }),
  bad("a backend under its short name", ["backend-misnamed"], {
    "m/config.pbtxt": `backend: "onnx" ${x}${y}`,
    "m/1/model.onnx": "",
  }),
  good("a non-linear format of TensorRT", {
    "m/config.pbtxt":
      'backend: "tensorrt" input { name: "x" data_type: TYPE_FP32 dims: [ 3, 8, 8 ] is_non_linear_format_io: true }',
    "m/1/model.plan": "",
  }),
  bad("a non-linear format of two dims", ["tensor-format-dims"], {
    "m/config.pbtxt":
      'backend: "tensorrt" input { name: "x" data_type: TYPE_FP32 dims: [ 8, 8 ] is_non_linear_format_io: true }',
    "m/1/model.plan": "",
  }),
  good("a profile of TensorRT", {
    "m/config.pbtxt": 'backend: "tensorrt" instance_group { profile: [ "0", "1" ] }',
    "m/1/model.plan": "",
  }),
  bad("a profile of TensorRT that is no number", ["instance-group-profile"], {
    "m/config.pbtxt": 'backend: "tensorrt" instance_group { profile: "fast" }',
    "m/1/model.plan": "",
  }),
  good(
    "an ensemble over ONNX models whose tensors only the files tell",
    ensemble(chain, { "a/1/model.onnx": "", "b/1/model.onnx": "" }),
  ),
  good(
    "an ensemble over an ONNX model that may batch",
    ensemble(run("a", "x", "y"), {
      "a/config.pbtxt": `backend: "onnxruntime" ${sized("input", "[ -1, 4 ]")}${sized("output", "[ -1, 4 ]")}`,
      "a/1/model.onnx": "",
    }),
  ),
]);

const others: readonly RepositoryCase[] = [
  ...without(noGpu, [
    good("a GPU instance group on a GPU", one(`${base}instance_group [ { kind: KIND_GPU gpus: [ 0 ] } ]`), [], {
      accelerator: "gpu",
    }),
    good(
      "a GPU instance group on the last of four GPUs",
      one(`${base}instance_group [ { kind: KIND_GPU gpus: [ 3 ] } ]`),
      [],
      { accelerator: "gpu", gpuCount: 4 },
    ),
    bad(
      "a GPU instance group on the second of one GPU",
      ["instance-group-gpu-missing"],
      one(`${base}instance_group [ { kind: KIND_GPU gpus: [ 0, 1 ] } ]`),
      { accelerator: "gpu", gpuCount: 1 },
    ),
    bad(
      "an instance group of any kind on GPUs beyond the last",
      ["instance-group-gpu-missing"],
      one(`${base}instance_group [ { gpus: [ 4, 5 ] } ]`),
      { accelerator: "gpu", gpuCount: 4 },
    ),
    bad(
      "a GPU instance group on a GPU below the first, of an instance that is not known",
      ["instance-group-gpu-missing"],
      one(`${base}instance_group [ { kind: KIND_GPU gpus: [ -1 ] } ]`),
    ),
    {
      ...good(
        "a GPU instance group on an instance that is not known",
        one(`${base}instance_group [ { kind: KIND_GPU } ]`),
      ),
    },
    good(
      "a growing state on a GPU",
      one(state("use_same_buffer_for_input_output: true use_growable_memory: true")),
      [],
      { accelerator: "gpu" },
    ),
  ]),
  hangs("a version 2a beside 1", ["version-folder-malformed"], { ...one(base), "m/2a/model.py": python }),
  bad("a version beyond all numbers", ["version-folder-malformed"], {
    ...one(base),
    "m/99999999999999999999/model.py": python,
  }),
  bad(
    "a metric without buckets",
    ["metrics-invalid"],
    one(`${base}model_metrics { metric_control { metric_identifier { family: "f" } } }`),
  ),
  ...without("Triton from PyPI comes without repository agents", [
    good("an agent that checks sums", one(`${base}model_repository_agents { agents [ { name: "checksum" } ] }`)),
    good("an agent of the user's own", one(`${base}model_repository_agents { agents [ { name: "own" } ] }`), [
      "repository-agent-unknown",
    ]),
  ]),
  bad("a repository one folder too deep", ["repository-too-deep"], {
    "m/penguins/config.pbtxt": base,
    "m/penguins/1/model.py": python,
  }),
  bad(
    "a state twice",
    ["sequence-state-invalid", "sequence-state-ignored"],
    one(
      `${base}sequence_batching { state { input_name: "i" data_type: TYPE_FP32 dims: [ 1 ] initial_state { name: "a" data_type: TYPE_FP32 dims: [ 1 ] zero_data: true } } state { input_name: "i" data_type: TYPE_FP32 dims: [ 1 ] initial_state { name: "b" data_type: TYPE_FP32 dims: [ 1 ] zero_data: true } } }`,
    ),
  ),
];

/** Good and bad repositories, made from small pieces. */
export const repositoryCases: readonly RepositoryCase[] = [
  ...configText,
  ...textFormatCases,
  ...folders,
  ...tensors,
  ...schedulers,
  ...ensembles,
  ...pythonModels,
  ...starts,
  ...otherBackends,
  ...others,
  ...modelCases,
  ...folderCases,
  ...releaseCases,
  ...capacityCases,
  ...onnxCases,
  ...otherFileCases,
  ...parameterCases,
  ...pythonPackageCases,
];
