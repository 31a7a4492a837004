import type { CheckOptions } from "../../triton/repository/modelRepository.ts";
import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import {
  ab,
  bad,
  base,
  chain,
  ensemble,
  ensembleHead,
  environment,
  good,
  hangs,
  head,
  noBackend,
  one,
  otherRelease,
  ownImage,
  python,
  state,
  step,
  without,
  x,
  y,
  type RepositoryCase,
} from "./casePieces.ts";

const savedModel = { "m/config.pbtxt": 'platform: "tensorflow_savedmodel"', "m/1/model.savedmodel/saved_model.pb": "" };
const vllm = { "m/config.pbtxt": `backend: "vllm" ${x}${y}`, "m/1/model.json": "{}" };
const penguins = { "m/config.pbtxt": `backend: "penguins" ${x}${y}`, "m/1/": "" };
const compiled = { "m/config.pbtxt": `platform: "torch_aoti" ${x}${y}`, "m/1/model.pt2": "" };
const bounded = {
  ...ensemble(chain, ab),
  "m/config.pbtxt": `${ensembleHead}ensemble_scheduling { ${chain} max_inflight_requests: 2 }`,
};
const buckets = one(
  `${base}model_metrics { metric_control { metric_identifier { family: "nv_inference_first_response_histogram_ms" } histogram_options { buckets: [ 1, 2 ] } } }`,
);
const labelsElsewhere = {
  ...one(`${head}${x}output { name: "y" data_type: TYPE_FP32 dims: [ 4 ] label_filename: "../n/l" }`),
  ...step("n"),
  "n/l": "a\n",
};
const pythonLibrary = one(`${base}runtime: "model.py"`);
const library = one(`${base}runtime: "libtriton_other.so"`);
const strategy = one(
  `${base}parameters { key: "TRITON_BATCH_STRATEGY_PATH" value { string_value: "/opt/batching.so" } }`,
);
const parameter = (value: string) => one(`${base}parameters { key: "model" value { string_value: "${value}" } }`);

const flavoured = (flavour: string) => ({ release: "25.06", ownImage: true, flavour });

/** Source: https://github.com/triton-inference-server/vllm_backend/blob/main/src/model.py */
const vllmOf = (more: string, options: CheckOptions = {}, file = "model.json") =>
  [
    { "m/config.pbtxt": `backend: "vllm" ${more}`, [`m/1/${file}`]: "{}" },
    { ...flavoured("vllm-python"), ...options },
  ] as const;
const vllmCase = (title: string, codes: readonly ProblemCode[], [pieces, options]: ReturnType<typeof vllmOf>) =>
  bad(title, codes, pieces, options);
const cpu = { accelerator: "cpu" } as const;
const vllmCases = [
  vllmCase("vLLM without tensors", [], vllmOf("")),
  vllmCase("vLLM on several GPUs", [], vllmOf("instance_group { kind: KIND_MODEL count: 1 }", { accelerator: "gpu" })),
  vllmCase("vLLM with batches of Triton's", ["vllm-config-refused"], vllmOf("max_batch_size: 8")),
  vllmCase(
    "vLLM that is not decoupled",
    ["vllm-config-refused"],
    vllmOf("model_transaction_policy { decoupled: false }"),
  ),
  vllmCase("vLLM that says it is decoupled", [], vllmOf("model_transaction_policy { decoupled: true }")),
  vllmCase(
    "vLLM for requests that get one answer",
    ["default-model-decoupled"],
    vllmOf("", { inferenceType: "infer" }),
  ),
  vllmCase("vLLM for requests that generate", [], vllmOf("", { inferenceType: "generate" })),
  vllmCase("vLLM without its arguments", ["model-file-missing"], vllmOf("", {}, "engine.json")),
  vllmCase("vLLM without a GPU", ["backend-needs-gpu"], vllmOf("", cpu)),
  good("vLLM without a GPU in an image of one's own", vllm, ["backend-expects-gpu"], { ...cpu, ownImage: true }),
];

const templates = [
  bad("a template for a backend", ["config-unfilled"], one(`backend: "\${triton_backend}"\n${x}${y}`)),
  hangs("a template for a part of a name", ["config-unfilled"], one(`${base}default_model_filename: "{{ name }}.py"`)),
  bad("a template for a number, in quotes", ["config-unfilled"], one(`${base}max_batch_size: "\${size}"`)),
  bad("a template of Jinja, without quotes", ["config-syntax"], one(`backend: {{ backend }}\n${x}${y}`)),
  bad(
    "templates for a tensor's name and its labels",
    ["config-unfilled", "config-unfilled"],
    one(`${head}${x}output { name: "<%= output %>" data_type: TYPE_FP32 dims: 4 label_filename: "\${labels}" }`),
  ),
  good("a template for a parameter", parameter("${engine_dir}"), ["config-unfilled-parameter"]),
  good(
    "templates for several parameters",
    one(
      `${base}parameters { key: "a" value { string_value: "\${a}" } } parameters { key: "b" value { string_value: "{{ b }}" } }`,
    ),
    ["config-unfilled-parameter"],
  ),
  good(
    "a chat's own template as a parameter",
    parameter("{% for message in messages %}{{ message }}{% endfor %} 100% {x} %(y)s"),
  ),
  good("templates in comments", one(`# \${backend} {{ name }} <model>\n${base} # %(x)s`)),
  ...["<model>", "%(model)s", "$(MODEL)", "$MODEL", "@MODEL@", "#{model}", "{model}", "[[ model ]]"].flatMap((text) => [
    bad(`the backend ${text}`, ["config-unfilled"], one(`backend: "${text}"\n${x}${y}`)),
    bad(`the name ${text}`, ["config-unfilled"], one(`name: "${text}"\n${base}`)),
  ]),
  good("a tensor's name in angle brackets", one(`${head}input { name: "<x>" data_type: TYPE_FP32 dims: 4 }\n${y}`)),
  bad("a template's size in angle brackets", ["config-syntax"], one(`${base}max_batch_size: <size>\n`)),
  bad("a template's statement", ["config-syntax"], one(`{% if batching %}\n${base}{% endif %}\n`)),
  good("a dollar sign that begins no template", parameter("$HOME {a} $$TRITON_MODEL_DIRECTORY")),
] satisfies RepositoryCase[];

const releases = [
  ...without(noBackend, [
    bad("TensorFlow for a release without it", ["backend-not-in-image"], savedModel, { release: "26.05" }),
    bad(
      "TensorFlow by its file alone, for a release without it",
      ["backend-not-in-image"],
      { "m/1/model.graphdef": "" },
      { release: "25.03" },
    ),
    good("TensorFlow for the last release with it", savedModel, [], { release: "25.02" }),
    good("TensorFlow for an image of one's own", savedModel, ["backend-unknown"], {
      release: "26.05",
      ownImage: true,
    }),
    bad("vLLM for AWS's image", ["backend-not-in-image"], vllm, { release: "26.05" }),
    good("vLLM for an image of one's own", vllm, [], { release: "26.05", ownImage: true }),
    good("vLLM for an image that is not known", vllm),
    ...vllmCases,
    bad("vLLM for NVIDIA's image of TensorRT-LLM", ["backend-not-in-image"], vllm, flavoured("trtllm-python")),
    good("vLLM for NVIDIA's image of it", vllm, [], flavoured("vllm-python")),
    ...["trtllm-python", "vllm-python", "pyt-python"].map((flavour) =>
      bad(`ONNX for NVIDIA's image ${flavour}`, ["backend-not-in-image"], { "m/1/model.onnx": "" }, flavoured(flavour)),
    ),
    good("ONNX for a copy of an image with few backends", { "m/1/model.onnx": "" }, ["backend-unknown"], {
      ...flavoured("vllm-python"),
      isCopy: true,
    }),
    good("ONNX for an image whose flavour is not known", { "m/1/model.onnx": "" }, [], flavoured("own-python")),
    bad("an unknown backend for AWS's image", ["backend-not-in-image"], penguins, { release: "26.05" }),
    good("an unknown backend for an image of one's own", penguins, ["backend-unknown"], {
      release: "26.05",
      ownImage: true,
    }),
    good("an unknown backend from a folder of backends", penguins, ["backend-unknown"], {
      release: "26.05",
      additionalArgs: "--backend-directory=/opt/ml/model/m",
    }),
    good(
      "an unknown backend for a release that is newer than the facts",
      penguins,
      ["backend-unknown", "release-unknown"],
      {
        release: "99.01",
      },
    ),
    good(
      "a backend's near name for an image of one's own",
      { "m/config.pbtxt": `backend: "onnx" ${x}${y}`, "m/1/model.onnx": "" },
      ["backend-unknown"],
      { ownImage: true },
    ),
    good("Python for an image with few backends", one(base), [], flavoured("pyt-python")),
    bad("compiled PyTorch for an older release", ["config-too-new"], compiled, { release: "25.09" }),
    good("compiled PyTorch", compiled, [], { release: "26.05" }),
  ]),
  bad("buckets of a metric for an older release", ["config-too-new"], buckets, { release: "24.10" }),
  bad("a bound on an ensemble's requests for an older release", ["config-too-new"], bounded, { release: "24.10" }),
  good("labels outside the model, for a release that takes them", labelsElsewhere, ["model-not-loaded"], {
    release: "24.10",
  }),
  ...without(otherRelease, [
    good("buckets of a metric", buckets, [], { release: "24.11" }),
    good("a bound on an ensemble's requests", bounded, [], { release: "25.11" }),
    bad("labels outside the model", ["label-file-missing", "model-not-loaded"], labelsElsewhere, {
      release: "26.02",
    }),
    bad(
      "a library of the backend's for an older release",
      ["config-too-new"],
      one(`${base}runtime: "libtriton_python.so"`),
      {
        release: "23.10",
      },
    ),
  ]),
  bad("a library that the image lacks", ["runtime-not-in-image"], library, { release: "24.10" }),
  bad("a library in Python that stands in the model's folder", ["runtime-not-in-image"], pythonLibrary, {
    release: "24.10",
  }),
  ...without(ownImage, [
    good("a library that the image may lack", library, ["runtime-unknown"]),
    good(
      "an environment in an image of one's own",
      one(environment("/opt/environment.tar.gz")),
      ["environment-in-image"],
      {
        ownImage: true,
      },
    ),
    good("a batching library in an image of one's own", strategy, ["batch-strategy-in-image"], { ownImage: true }),
  ]),
  bad(
    "an environment by a relative path, for an image of one's own",
    ["environment-outside"],
    one(environment("environment.tar.gz")),
    { ownImage: true },
  ),
  bad("a repository that was packed with backslashes", ["path-backslash"], {
    "m\\config.pbtxt": base,
    "m\\1\\model.py": "",
  }),
] satisfies RepositoryCase[];

/** What depends on the release and the image, and templates that were not filled in. */
const dots = { "m..1/config.pbtxt": base, "m..1/1/model.py": python };

const judgedByRelease = without(otherRelease, [
  bad("a name with two dots in the one release that refuses it", ["model-name-dots"], dots, {
    defaultModelName: "m..1",
    release: "26.03",
  }),
  good("a name with two dots in the next release", dots, [], { defaultModelName: "m..1", release: "26.04" }),
]);

const modern = one(
  `${head}input { name: "x" data_type: TYPE_BF16 dims: [ 4 ] optional: true }\n${y}response_cache { enable: false }`,
);
const stated = one(state('initial_state { name: "s" data_type: TYPE_FP32 dims: [ 2 ] zero_data: true }'));
const needing = (python: string): RepositoryCase["models"] =>
  new Map([
    [
      "m/environment.tar.gz",
      { format: "environment", activates: true, pythons: [python], modules: [], isolated: true, open: true },
    ],
  ]);
const packed = one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz"), { "m/environment.tar.gz": "" });

/** The releases that AWS published in the Neo accounts: Python 3.8, and fields that came since. */
const older = without(otherRelease, [
  good("a Python model on the oldest release", one(base), [], { release: "21.08" }),
  good("numpy and asynchat on Python 3.8", one(base, { "m/1/model.py": `import asynchat, numpy\n${python}` }), [], {
    release: "22.05",
  }),
  bad(
    "zoneinfo on Python 3.8",
    ["python-import-unprovided"],
    one(base, { "m/1/model.py": `import zoneinfo\n${python}` }),
    { release: "22.05" },
  ),
  bad("a state's first value before 22.01", ["config-too-new"], stated, { release: "21.12" }),
  good("a state's first value", stated, [], { release: "22.01" }),
  bad("fields and types that came since", ["config-too-new", "config-too-new", "config-too-new"], modern, {
    release: "21.08",
  }),
  {
    ...bad("an environment of Python 3.10 for 22.12", ["environment-python-mismatch"], packed, { release: "22.12" }),
    models: needing("3.10"),
  },
  { ...good("an environment of Python 3.8 for 22.12", packed, [], { release: "22.12" }), models: needing("3.8") },
  {
    ...good("an environment of a Python that no known release has", packed, ["environment-python-unknown"]),
    models: needing("3.14"),
  },
  good("a release older than the facts", one(base), ["release-unknown"], { release: "20.12" }),
]);

export const releaseCases: readonly RepositoryCase[] = [...templates, ...releases, ...judgedByRelease, ...older];
