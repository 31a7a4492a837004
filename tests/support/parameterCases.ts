import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import type { CheckOptions } from "../../triton/repository/modelRepository.ts";
import { bad, noBackend, without, x, y, type RepositoryCase } from "./casePieces.ts";

type Parameters = Readonly<Record<string, string>>;

const written = (parameters: Parameters) =>
  Object.entries(parameters)
    .map(([key, value]) => `parameters { key: "${key}" value { string_value: "${value}" } }\n`)
    .join("");

/** A model of a backend with its file, its parameters and, if needed, more configuration. */
function model(backend: string, file: string, more = "") {
  return (title: string, codes: readonly ProblemCode[], parameters: Parameters, options: CheckOptions = {}) =>
    bad(
      title,
      codes,
      {
        "m/config.pbtxt": `backend: "${backend}"\n${more}${x}${y}${written(parameters)}`,
        [`m/1/${file}`]: "",
      },
      options,
    );
}

const forest = model("fil", "xgboost.model");
const onnx = model("onnxruntime", "model.onnx");
const torch = model("pytorch", "model.pt");
const compiled = model("pytorch", "model.py", 'runtime: "model.py"\n');
const plan = model("tensorrt", "model.plan");
const dali = model("dali", "model.dali");
const openvino = model("openvino", "model.xml");
const vllm = model("vllm", "model.json");
const own = { ownImage: true };

const invalid = ["backend-parameter-invalid"] as const;
const missing = ["backend-parameter-missing"] as const;
const ignored = ["backend-parameter-ignored"] as const;
const from2509 = { release: "25.09" };
const before2509 = { release: "25.08" };
const regression = { is_classifier: "false" };

/** Source: https://github.com/triton-inference-server/fil_backend/blob/r26.05/src/shared_state.h and r25.08's */
const fil: readonly RepositoryCase[] = [
  forest("a forest for regression", [], regression, from2509),
  forest("a forest for regression before 25.09", [], { output_class: "false" }, before2509),
  forest("a forest's classifier", [], { is_classifier: "true", threshold: "0.5" }, from2509),
  forest("a forest whose release is not known", [], { output_class: "true", threshold: "1e-1" }),
  forest("a forest for images of both kinds", [], { output_class: "false", is_classifier: "false" }, from2509),
  forest("a forest of an unknown release without is_classifier", missing, {}),
  forest("a forest without is_classifier", missing, {}, from2509),
  forest("a forest with is_classifier before 25.09", missing, regression, before2509),
  forest("a forest with output_class from 25.09 on", ignored, { output_class: "false" }, from2509),
  forest("a forest's classifier without threshold", missing, { is_classifier: "true" }, from2509),
  forest("a forest's classifier with half a threshold", invalid, { is_classifier: "true", threshold: "half" }),
  forest("half a threshold of what may be a classifier", ["backend-parameter-invalid", "backend-parameter-missing"], {
    threshold: "half",
  }),
  forest("half a threshold of what is maybe a classifier", ["backend-parameter-invalid", "backend-parameter-invalid"], {
    threshold: "half",
    is_classifier: "maybe",
  }),
  forest("a threshold for regression that nothing reads", [], { ...regression, threshold: "half" }),
  forest("a forest that is maybe a classifier", invalid, { is_classifier: "maybe" }, from2509),
  forest("a forest that is a classifier in capitals", invalid, { is_classifier: "FALSE" }, from2509),
  forest("a forest of type xgb", invalid, { ...regression, model_type: "xgb" }),
  forest("a forest with a layout that there is not", invalid, { ...regression, layout: "wide" }, { release: "26.05" }),
  forest("a forest's layout without a GPU", [], { ...regression, layout: "wide" }, { accelerator: "cpu" }),
  forest("a forest's layout before 25.09", ignored, { output_class: "false", layout: "layered" }, before2509),
  forest("a forest's algorithm from 25.09 on", ignored, { ...regression, algo: "NAIVE" }, from2509),
  forest("a forest with a number of threads that is none", ignored, { ...regression, cpu_nthread: "all" }),
  forest("a forest with a parameter that is nearly one", ignored, { ...regression, transfer_treshold: "3" }),
  ...([[], ["backend-parameter-invalid"]] as const).map((codes, index) =>
    model("fil", "xgboost.ubj")(
      `a forest in UBJSON for ${index === 0 ? "a release that reads it" : "an older release"}`,
      codes,
      { output_class: "false", model_type: "xgboost_ubj" },
      { release: index === 0 ? "24.10" : "24.09" },
    ),
  ),
  forest("a forest whose file is of another type", ["model-file-missing"], {
    ...regression,
    model_type: "xgboost_json",
  }),
  model("fil", "model.txt")("a forest of LightGBM", [], { ...regression, model_type: "lightgbm" }),
];

const accelerated = (title: string, codes: readonly ProblemCode[], accelerators: string, options: CheckOptions = {}) =>
  model("onnxruntime", "model.onnx", `optimization { execution_accelerators { ${accelerators} } }\n`)(
    title,
    codes,
    {},
    options,
  );
const gpu = (name: string, ...parameters: [string, string][]) =>
  `gpu_execution_accelerator { name: "${name}" ${parameters.map(([key, value]) => `parameters { key: "${key}" value: "${value}" }`).join(" ")} }`;

/** Source: https://github.com/triton-inference-server/onnxruntime_backend/blob/r26.05/src/onnxruntime.cc */
const onnxRuntime: readonly RepositoryCase[] = [
  onnx("parameters of ONNX Runtime", [], {
    execution_mode: "1",
    "memory.enable_memory_arena_shrinkage": "cpu:0;gpu:0",
    arena_extend_strategy: "1",
  }),
  onnx("a search of cuDNN that there is not", invalid, { cudnn_conv_algo_search: "3" }, { accelerator: "gpu" }),
  onnx("a search of cuDNN without a GPU", [], { cudnn_conv_algo_search: "3" }, { accelerator: "cpu" }),
  onnx("a limit on the GPU's memory in words", invalid, { gpu_mem_limit: "half" }),
  onnx("memory to be shrunk of no device", invalid, { "memory.enable_memory_arena_shrinkage": "yes" }),
  onnx(
    "an allocator for the weights before 25.02",
    ignored,
    { "session.use_device_allocator_for_initializers": "1" },
    { release: "24.10" },
  ),
  onnx("a thread count that is misspelt", ignored, { intra_op_thread_cont: "2" }),
  onnx("a parameter that a client reads", [], { labels: "a,b" }),
  accelerated("TensorRT as an accelerator", [], gpu("tensorrt", ["precision_mode", "FP16"])),
  accelerated("a precision of TensorRT that there is not", invalid, gpu("tensorrt", ["precision_mode", "FP8"])),
  accelerated("a precision that an older release lacks", invalid, gpu("tensorrt", ["precision_mode", "BF16"]), {
    release: "25.09",
  }),
  accelerated("a parameter that TensorRT refuses", invalid, gpu("tensorrt", ["precison_mode", "FP16"])),
  accelerated("a parameter that TensorRT refuses yet", invalid, gpu("tensorrt", ["trt_cuda_graph_enable", "1"]), {
    release: "24.03",
  }),
  accelerated("an accelerator of TensorFlow", invalid, gpu("gpu_io")),
  accelerated("an accelerator of a GPU without a GPU", [], gpu("gpu_io"), { accelerator: "cpu" }),
  accelerated("CUDA as an accelerator", [], gpu("cuda", ["cudnn_conv_use_max_workspace", "0"]), { release: "24.10" }),
  accelerated("CUDA as an accelerator before 24.06", invalid, gpu("cuda"), { release: "24.05" }),
  accelerated("OpenVINO as an accelerator", [], 'cpu_execution_accelerator { name: "openvino" }'),
  accelerated("an accelerator of the CPU that there is not", invalid, 'cpu_execution_accelerator { name: "mkl" }'),
];

/** Sources: those of `triton/releases/backendParameters.json` */
const others: readonly RepositoryCase[] = [
  torch("threads of PyTorch before 24.05", ignored, { INTRA_OP_THREAD_COUNT: "2" }, { release: "24.03" }),
  torch("a fuser that PyTorch's backend has no more", ignored, { ENABLE_NVFUSER: "true" }, { release: "24.09" }),
  torch("a parameter of PyTorch in small letters", ignored, { inference_mode: "true" }),
  compiled("a compiled PyTorch model", [], { NUM_THREADS: "4", TORCH_COMPILE_OPTIONAL_PARAMETERS: "{}" }),
  compiled("a compiled PyTorch model of no threads", invalid, { NUM_THREADS: "0" }),
  compiled("a compiled PyTorch model of no JSON", invalid, { TORCH_COMPILE_OPTIONAL_PARAMETERS: "{dynamic}" }),
  plan("a strategy of TensorRT", [], { execution_context_allocation_strategy: "ON_PROFILE_CHANGE" }),
  plan("a strategy of TensorRT in small letters", invalid, { execution_context_allocation_strategy: "static" }),
  plan(
    "a strategy of TensorRT before 25.05",
    ignored,
    { execution_context_allocation_strategy: "STATIC" },
    { release: "25.04" },
  ),
  plan("a model on several GPUs that names none", missing, { enable_multi_device: "true" }),
  plan("a model on several GPUs that names one", invalid, { enable_multi_device: "1", multi_device_gpus: "0" }),
  plan("one GPU of a model that is not on several", [], { multi_device_gpus: "0" }),
  plan("a model on several GPUs", [], { enable_multi_device: "true", multi_device_gpus: "0, 1" }),
  dali("DALI's threads", [], { num_threads: "4" }),
  dali("DALI's threads in words", invalid, { num_threads: "four" }),
  openvino("OpenVINO's streams", [], { NUM_STREAMS: "auto", PERFORMANCE_HINT: "Throughput", HINT_BF16: "YES" }),
  openvino("OpenVINO's streams in words", invalid, { NUM_STREAMS: "many" }),
  openvino("a precision hint of OpenVINO that is off", invalid, { HINT_BF16: "no" }),
  openvino("OpenVINO's threads below zero", invalid, { INFERENCE_NUM_THREADS: "-1" }),
  openvino("a wish of OpenVINO that is true", ignored, { ENABLE_BATCH_PADDING: "true" }),
  vllm("vLLM's metrics", [], { REPORT_CUSTOM_METRICS: "True" }, own),
  vllm("vLLM's metrics, which are on only if true", ignored, { REPORT_CUSTOM_METRICS: "yes" }, own),
  vllm("a wish of the Python backend's for vLLM", invalid, { FORCE_CPU_ONLY_INPUT_TENSORS: "true" }, own),
];

/** Parameters that backends read. */
export const parameterCases: readonly RepositoryCase[] = without(noBackend, [...fil, ...onnxRuntime, ...others]);
