import { triton, type FailureRow } from "./row.ts";

const plans = "https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html";

/** Model files and what ONNX Runtime, TensorRT, PyTorch, FIL, vLLM, DALI and OpenVINO say about them. */
export const backendRows: readonly FailureRow[] = [
  {
    pattern:
      /Unsupported model IR version|only guarantees support for models stamped with official released onnx opset|ai\.onnx(\.ml)? (opset|v)\s*\d+ is under development/i,
    cause: "the ONNX model is newer than the image's ONNX Runtime",
    remedy: "set imageTag to a later release, or export the model for an earlier opset",
    source: "https://onnxruntime.ai/docs/reference/compatibility.html",
  },
  {
    pattern:
      /is not a registered function\/op|No Op registered for|Failed to find kernel for|NOT_IMPLEMENTED : Could not find an implementation/i,
    cause: "ONNX Runtime doesn't know an operator of the model",
    remedy:
      "for a custom operator, name its library in model_operations of config.pbtxt; for a standard one, set imageTag to a later release or export the model for another opset",
    source: triton("onnxruntime_backend", "blob/main/README.md"),
  },
  {
    pattern: /External data path|external initializer|model\.onnx[._]data|\.onnx.*cannot get file size/i,
    cause: "the ONNX model's external data is missing",
    remedy: "put the files next to model.onnx under the names that it has inside, in the same version folder",
    source: "https://onnxruntime.ai/docs/api/python/api_summary.html",
  },
  {
    pattern:
      /(INVALID_PROTOBUF|Protobuf parsing failed|failed to parse .*ModelProto|ModelProto does not have a graph)/i,
    cause: "the ONNX file is damaged, or is no ONNX model",
    remedy:
      "check its size: a Git LFS pointer has 130 bytes (git lfs pull), and a file that is cut off must be exported again",
    source: "https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/model.cc",
  },
  {
    pattern: /unknown Execution Accelerator/i,
    cause: "config.pbtxt asks for an execution accelerator that the backend doesn't have",
    remedy:
      "in optimization.execution_accelerators, gpu_execution_accelerator takes tensorrt (and cuda), cpu_execution_accelerator takes openvino: correct the name or its list",
    source: triton("server", "issues/3204"),
  },
  {
    pattern:
      /libonnxruntime_providers_\w+\.so|Failed to (create|load) \w*ExecutionProvider|\w+ExecutionProvider was requested.*(not|n't) available/i,
    cause: "ONNX Runtime can't use its accelerator",
    remedy:
      "choose an instanceType with a GPU, or remove optimization.execution_accelerators; a library named in the line is missing in an image of your own",
    source: "https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html",
  },
  {
    pattern: /pthread_setaffinity_np failed|Specify the number of threads explicitly so the affinity/i,
    cause: "ONNX Runtime can't pin its threads to processors in a container",
    remedy: "nothing to do; the parameter intra_op_thread_count in config.pbtxt silences it",
    kind: "harmless",
    source: "https://onnxruntime.ai/docs/performance/tune-performance/threading.html",
  },
  {
    pattern:
      /Version tag does not match|engine plan file is not compatible with this version|(Magic tag does not match|magicTag)|safeVersionRead|expecting library version/i,
    cause: "the TensorRT plan was built by another version of TensorRT",
    remedy:
      "build it with the TensorRT of the image's release (NVIDIA's tensorrt image of the same YY.MM), or set imageTag to the release that has the plan's version",
    source: triton("server", "issues/3845"),
  },
  {
    pattern:
      /engine plan file is generated on an incompatible device|across different models of devices|different compute capability|incompatible device|expecting compute/i,
    cause: "the TensorRT plan was built for another GPU",
    remedy:
      "build it on the instanceType's own GPU, or with hardware compatibility (trtexec --hardwareCompatibilityLevel=ampere+)",
    source: "https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html",
  },
  {
    pattern:
      /specified max-batch \d+ but TensorRT engine only supports|tensor shape configuration hints for dynamic batching|hints that batching is unavailable|Optimization Profile|invalid profile|failed to set (binding dimension|input shape)|not satisf(y|ies) any optimization profiles/i,
    cause: "the TensorRT plan doesn't take these batch sizes or shapes",
    remedy:
      "max_batch_size in config.pbtxt must be within the plan's optimization profile: lower it, or build the plan with larger --maxShapes",
    source: triton("tensorrt_backend", "blob/main/src/tensorrt.cc"),
  },
  {
    pattern: /getPluginCreator could not find plugin|Cannot find plugin|could not find plugin/i,
    cause: "the TensorRT plan needs a plugin that isn't loaded",
    remedy:
      "put the plugin's library into an image of your own and set LD_PRELOAD in environment to its path, or --backend-config=tensorrt,plugins=<path>",
    source: triton("tensorrt_backend", "blob/main/README.md"),
  },
  {
    pattern:
      /unable to create TensorRT (engine|runtime)|Deserialize the cuda engine failed|Engine deserialization failed|unable to load plan file/i,
    cause: "TensorRT can't load the plan",
    remedy:
      "the line before says why; a plan fits one TensorRT version and one kind of GPU: build it with the image's release on the instanceType's GPU",
    kind: "general",
    source: plans,
  },
  {
    pattern: /PytorchStreamReader failed|failed finding central directory|failed locating file constants\.pkl/i,
    cause: "model.pt is no TorchScript file",
    remedy: "save it with torch.jit.save(torch.jit.script(model)) or torch.jit.trace, not with torch.save",
    source: triton("server", "issues/7497"),
  },
  {
    pattern: /Unknown builtin op|Unknown type name '__torch__|Could not find schema for/i,
    cause: "the TorchScript model uses an operator that the image's PyTorch doesn't have",
    remedy:
      "preload the library that defines it (LD_PRELOAD in environment, for example torchvision's), or export the model without it",
    source: triton("server", "blob/main/docs/user_guide/custom_operations.md"),
  },
  {
    pattern: /kMaxSupportedFileFormatVersion|maximum supported version for reading|file format is newer/i,
    cause: "model.pt was saved by a newer PyTorch than the image's",
    remedy: "set imageTag to a later release, or save the model with the image's PyTorch",
    source: plans,
  },
  {
    pattern: /(must|does not|doesn't|do they) follow the <name>__<index> naming|naming convention/i,
    cause: "PyTorch can't assign the tensors of config.pbtxt to the model's",
    remedy: "name them INPUT__0, OUTPUT__0 and so on, or after the arguments of forward",
    source: triton("pytorch_backend", "blob/main/README.md"),
  },
  {
    pattern: /Expected all tensors to be on the same device|Input type \(.*\) and weight type/i,
    cause: "parts of the PyTorch model are on different devices",
    remedy:
      "don't fix a device while tracing; or set instance_group in config.pbtxt to the kind the model was traced for",
    source: triton("pytorch_backend", "blob/main/README.md"),
  },
  {
    pattern: /Could not open (model )?file|(xgboost|lightgbm|treelite|checkpoint)\S*.*(No such file|does not exist)/i,
    cause: "FIL doesn't find the model's file",
    remedy:
      "the parameter model_type in config.pbtxt decides the name: xgboost.json, xgboost.ubj, xgboost.model, model.txt (lightgbm) or checkpoint.tl; default_model_filename sets another",
    source: triton("server", "issues/8610"),
  },
  {
    pattern: /not recognized as a valid serialization format|parameter has been removed in 25\.09/i,
    cause: "FIL doesn't take a parameter of config.pbtxt",
    remedy:
      "model_type is xgboost, xgboost_json, xgboost_ubj, lightgbm or treelite_checkpoint; from 25.09 on is_classifier replaces output_class",
    source: triton("fil_backend", "blob/main/src/shared_state.h"),
  },
  {
    pattern:
      /could not be parsed as XGBoost|Cannot deserialize model from a different|Ill-formed XGBoost|xgboost_json\.cc|treelite.*(pars|deserial|version)|Parsing error at offset/i,
    cause: "FIL can't read the model's file",
    remedy:
      "model_type in config.pbtxt must be the file's own format, and the release's Treelite must know the version of XGBoost or LightGBM that wrote it: set imageTag to a later release, or save the model with an earlier version",
    source: triton("fil_backend", "issues/311"),
  },
  {
    pattern: /must be configured to use decoupled model transaction policy/i,
    cause: "vLLM's models are decoupled, and config.pbtxt says otherwise",
    remedy: "remove model_transaction_policy from config.pbtxt, or set decoupled: true",
    source: triton("vllm_backend", "blob/main/src/model.py"),
  },
  {
    pattern: /vllm.*max_batch_size|max_batch_size.*vllm/i,
    cause: "vLLM batches by itself",
    remedy: "remove max_batch_size from config.pbtxt, or set it to 0",
    source: triton("vllm_backend", "blob/main/src/model.py"),
  },
  {
    pattern: /containing vllm engine args must be provided|engine_args.*unexpected keyword|AsyncEngineArgs/i,
    cause: "vLLM's model.json is missing or wrong",
    remedy: 'put the arguments of vLLM\'s engine at <model>/1/model.json: {"model": …, "gpu_memory_utilization": 0.9}',
    source: triton("vllm_backend", "blob/main/src/model.py"),
  },
  {
    pattern:
      /KIND_GPU is currently for single-GPU models|tensor parallel size .* (larger|greater) than|world size .* available GPUs/i,
    cause: "vLLM's model needs more GPUs than it is given",
    remedy:
      "set KIND_MODEL in instance_group, tensor_parallel_size in model.json to the number of GPUs, and an instanceType that has them",
    source: triton("vllm_backend", "blob/main/src/model.py"),
  },
  {
    pattern: /KV cache is needed|max seq len .* is larger than|max_model_len .* greater than/i,
    cause: "vLLM's context is longer than the model or the GPU's memory allows",
    remedy: "lower max_model_len in model.json, or choose an instanceType with more GPU memory",
    source: triton("vllm_backend", "blob/main/README.md"),
  },
  {
    pattern: /\[vllm\] Metrics not supported/i,
    cause: "vLLM's metrics are off, because Triton's are",
    remedy: "nothing to do; modelServer.allowMetrics turns them on",
    kind: "harmless",
    source: triton("vllm_backend", "blob/main/src/model.py"),
  },
  {
    pattern: /DALI (Backend )?error|instantiat\w+ (DALI )?pipeline|outputs from DALI pipeline/i,
    cause: "DALI can't run the pipeline",
    remedy:
      "serialize it with the DALI of the image's release and the batch size of config.pbtxt; a pipeline with device_id needs an instanceType with a GPU",
    source: triton("dali_backend", "blob/main/README.md"),
  },
  {
    pattern:
      /openvino error in|Failed to load plugin for device|Cannot create .* layer|read_network|openvino backend does not support/i,
    cause: "OpenVINO can't load the model",
    remedy: "put model.xml and model.bin of the same export into the version folder; OpenVINO needs KIND_CPU",
    source: triton("openvino_backend", "blob/main/README.md"),
  },
  {
    pattern: /No OpKernel was registered|SavedModel load for tags|Could not find SavedModel|Op type not registered/i,
    cause: "TensorFlow can't load the model",
    remedy:
      "put the folder model.savedmodel (saved_model.pb and variables) into the version folder; a custom operator's library is loaded with LD_PRELOAD in environment",
    source: triton("tensorflow_backend", "blob/main/README.md"),
  },
  {
    pattern: /autofill failed|Failed to auto-?complete|unable to autofill|unable to autocomplete/i,
    cause: "Triton can't complete config.pbtxt from the model",
    remedy:
      "write max_batch_size, inputs and outputs as the model has them (max_batch_size: 0 if its first dimension is fixed): npm run check -- <modelRepository> compares them",
    source: triton("onnxruntime_backend", "blob/main/src/onnxruntime.cc"),
  },
  {
    pattern:
      /the model expects (shape|data-type|\d+ dimensions)|expects \d+ inputs, model provides|configuration expects (datatype|model|shape)|(model configuration|configuration) specif\w+ (invalid|data-type|shape)|model doesn't support batching|does not support batching|unexpected (inference )?(input|output) '.*', allowed|is not found in model (input|output) map|doesn't match model configuration shape/i,
    cause: "config.pbtxt doesn't match the model",
    remedy: "npm run check -- <modelRepository> names the tensor and its right data type and shape",
    source: triton("onnxruntime_backend", "blob/main/src/onnxruntime.cc"),
  },
  {
    pattern:
      /onnx runtime error \d+: Non-zero status code|Got invalid dimensions for input|Non-zero status code returned while running/i,
    cause: "the model can't compute a request",
    remedy:
      "the line names the node: the request's shapes usually don't fit it, or a fixed dimension is -1 in config.pbtxt; npm run serve with `npm run invoke -- --url http://127.0.0.1:8080` repeats it on your machine",
    kind: "general",
    source: triton("onnxruntime_backend", "blob/main/src/onnxruntime.cc"),
  },
  {
    pattern: /PyTorch execute failure/i,
    cause: "the model can't compute a request",
    remedy:
      "the rest of the line says what PyTorch missed: compare the request's shapes and data types with those that the model was traced with",
    kind: "general",
    source: triton("pytorch_backend", "blob/main/src/libtorch.cc"),
  },
];
