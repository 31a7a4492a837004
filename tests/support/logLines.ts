import type { FailureContext } from "../../operations/failures/row.ts";

/** A line as Triton, a backend, its serve script or SageMaker writes it; names, paths and numbers are made up. */
export interface LogLineCase {
  /** The line, or its pieces. */
  readonly line: string | readonly string[];
  /** The cause that explains it. */
  readonly cause: string;
  /** The surroundings. Default: unknown. */
  readonly context?: FailureContext;
}

const gpu: FailureContext = { instanceType: "ml.g5.xlarge" };
const cpu: FailureContext = { instanceType: "ml.m5.large" };
const serverless: FailureContext = { serverless: true };
const local: FailureContext = { local: true };

const error = (source: string, message: string) => `E1101 08:00:01.000001 45 ${source}] ${message}`;
const warning = (source: string, message: string) => `W1101 08:00:01.000001 45 ${source}] ${message}`;
const failedToLoad = (message: string) =>
  error("model_lifecycle.cc:638", `failed to load 'digits' version 1: ${message}`);
const quoted = (message: string) =>
  error("model_lifecycle.cc:654", JSON.stringify(`failed to load 'digits' version 1: ${message}`));
const stub = (message: string) =>
  `I1101 08:00:01.000001 45 pb_stub.cc:402] Failed to initialize Python stub: ${message}`;

const of = (cause: string, line: LogLineCase["line"], context?: FailureContext): LogLineCase => ({
  line,
  cause,
  ...(context && { context }),
});

/** Lines of memory, disks, GPUs and drivers. */
const machineLines: readonly LogLineCase[] = [
  of(
    "shared memory is too small",
    quoted(
      "Internal: Unable to initialize shared memory key 'triton_python_backend_shm_region_3' to requested size (67108864 bytes). If you are running Triton inside docker, use '--shm-size' flag to control the shared memory region size. Each Python backend model instance requires at least 1 MB of shared memory. Error: No space left on device",
    ),
  ),
  of(
    "shared memory is too small",
    "TRITONBACKEND_ModelInstanceInitialize: Failed to increase the shared memory pool size for key 'triton_python_backend_shm_region_6' to 67108864 bytes. Error: No space left on device",
    gpu,
  ),
  of(
    "this machine's shared memory is too small",
    "Unable to initialize shared memory key 'triton_python_backend_shm_region_1' to requested size (1048576 bytes).",
    local,
  ),
  of("shared memory was full while a model wrote to it", "Signal (7) received."),
  of(
    "a library was loaded too late to get its thread-local storage",
    failedToLoad(
      "Internal: OSError: /tmp/python_env_pu7/0/lib/python3.10/site-packages/torch/lib/libgomp-d22c30c5.so.1: cannot allocate memory in static TLS block",
    ),
  ),
  of(
    "vLLM has no GPU memory left for its cache",
    "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.",
  ),
  of(
    "the GPU has no memory left for ONNX Runtime's arena",
    "2026-11-01 08:00:01.1 [E:onnxruntime:log, sequential_executor.cc:514 ExecuteKernel] Non-zero status code returned while running Mul node. Name:'Mul_87' Status Message: /workspace/onnxruntime/onnxruntime/core/framework/bfc_arena.cc:368 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for requested buffer of size 2830172160",
    gpu,
  ),
  of(
    "the instance has no memory left for ONNX Runtime",
    "onnx runtime error 6: bfc_arena.cc:376 onnxruntime::BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 285081600",
    cpu,
  ),
  of(
    "the GPU is out of memory",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 14.58 GiB total capacity)",
  ),
  of("the GPU is out of memory", "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=model.aws.local"),
  of(
    "the GPU holds as much as modelServer.modelLoadGpuLimit allows",
    failedToLoad("Unavailable: GPU 0 memory limit 0.8 has exceeded, model loading is rejected."),
  ),
  of(
    "no memory is left for another model, so SageMaker unloads one",
    error("sagemaker_server.cc:1105", "Received an OOM error during LOAD MODEL. Returning a 507."),
  ),
  of("this machine is out of memory", "std::bad_alloc", local),
  of("the container is out of memory", "MemoryError", serverless),
  of("the instance is out of memory", "terminate called after throwing an instance of 'std::bad_alloc'"),
  of("this machine's disk is full", "OSError: [Errno 28] No space left on device: '/tmp/python_env'", local),
  of("the container's disk is full", "OSError: [Errno 28] No space left on device", serverless),
  of("the disk is full", "OSError: [Errno 28] No space left on device: '/tmp/python_env_a1/0/lib/libmkl.so'"),
  of("a model writes where it only may read", "OSError: [Errno 30] Read-only file system: '/opt/ml/model/cache'"),
  of("the container has too many files open", "OSError: [Errno 24] Too many open files: '/dev/urandom'"),
  of(
    "Triton can't use the GPU: its driver doesn't fit the image",
    warning(
      "pinned_memory_manager.cc:273",
      '"Unable to allocate pinned system memory, pinned memory pool will not be available: operation not supported"',
    ),
    gpu,
  ),
  of(
    "pinned memory is for GPUs only, and there is none",
    warning(
      "pinned_memory_manager.cc:236",
      "Unable to allocate pinned system memory, pinned memory pool will not be available: CUDA driver version is insufficient for CUDA runtime version",
    ),
    cpu,
  ),
  of(
    "pinned memory is for GPUs only, and there is none",
    "failed to allocate pinned system memory: no pinned memory pool",
    serverless,
  ),
  of(
    "pinned memory is for GPUs only",
    warning(
      "pinned_memory_manager.cc:236",
      "Unable to allocate pinned system memory, pinned memory pool will not be available: CUDA driver version is insufficient for CUDA runtime version",
    ),
  ),
  of(
    "Triton found no GPU that it can use",
    "WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.",
    gpu,
  ),
  of("Triton found no GPU", 'I1101 08:00:01.000001 45 cuda_memory_manager.cc:117] "CUDA memory pool disabled"', cpu),
  of(
    "the CUDA driver isn't loaded, because there is no GPU",
    error("cuda_utils.h:60", "CudaDriverHelper has not been initialized."),
  ),
  of(
    "Triton's own pool of GPU memory is full, so it copies through the host, which is slower",
    warning(
      "memory.cc:212",
      "Failed to allocate CUDA memory with byte size 33554432 on GPU 0: CNMEM_STATUS_OUT_OF_MEMORY, falling back to pinned system memory",
    ),
  ),
  of("there are no metrics of GPUs", warning("metrics.cc:811", "DCGM unable to start: DCGM initialization error")),
  of(
    "a hint about speed, or about the version of a library or driver that still works",
    warning(
      "logging.cc:46",
      "CUDA lazy loading is not enabled. Enabling it can significantly reduce device memory usage.",
    ),
  ),
  of(
    "the model asks for a GPU, which the local Triton can't use",
    "Invalid argument: instance group m_0 of model m has kind KIND_GPU but no GPUs are available",
    local,
  ),
  of(
    "the model asks for a GPU that the instance does not have",
    "instance group digits_0 of model digits specifies invalid or unsupported gpu id 0. GPUs with at least the minimum required CUDA compute compatibility of 6.0 are: ",
    cpu,
  ),
  of("the container doesn't see the instance's GPU", "RuntimeError: Found no NVIDIA driver on your system.", gpu),
  of(
    "the model's code asks for a GPU that the instance does not have",
    "RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.",
    cpu,
  ),
  of(
    "the model asks for a GPU that the instance does not have",
    failedToLoad("Internal: unable to create stream: CUDA driver version is insufficient for CUDA runtime version"),
    cpu,
  ),
  of(
    "the GPU driver is too old for the image",
    "ERROR: This container was built for NVIDIA Driver Release 575.51 or later, but version 470.256.02 was detected and compatibility mode is UNAVAILABLE.",
    gpu,
  ),
  of(
    "the GPU is too old for the image",
    "RuntimeError: CUDA error: no kernel image is available for execution on the device",
  ),
  of("the instance's GPU is broken", "RuntimeError: CUDA error: uncorrectable ECC error encountered"),
  of("the model's code crashed on the GPU", "CUDA failure 700: an illegal memory access was encountered ; GPU=0"),
  of(
    "Triton's own pool of GPU memory is too small for the tensors of Python models",
    "Failed to allocate memory from CUDA memory pool for output tensor: CNMEM",
  ),
  of(
    "the GPU is out of memory",
    error("logging.cc:40", "1: [defaultAllocator.cpp::allocate::20] Error Code 1: Cuda Runtime (out of memory)"),
  ),
  of(
    "the GPU driver is too old for the image",
    "error: unable to create cuda device stream: cudaErrorInsufficientDriver",
    gpu,
  ),
  of(
    "the GPU is too old for the model's data type",
    "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.",
  ),
  of(
    "the GPUs of a model can't exchange data",
    "RuntimeError: NCCL error: unhandled system error (run with NCCL_DEBUG=INFO for details)",
  ),
  of(
    "a hint about speed, or about the version of a library or driver that still works",
    warning("server.cc:251", "failed to enable peer access for some device pairs"),
  ),
  of("the container doesn't see the instance's GPU", "Failed to initialize NVML: Driver/library version mismatch", gpu),
];

/** Lines of Python models. */
const pythonLines: readonly LogLineCase[] = [
  of("an execution environment brings a libstdc++ that is too old for Triton", [
    quoted("Internal: Stub process 'digits_0_0' is not healthy."),
    "/opt/tritonserver/backends/python/triton_python_backend_stub: /tmp/python_env_a1/0/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found",
    "(required by /opt/tritonserver/backends/python/triton_python_backend_stub)",
  ]),
  of(
    "a library was built on a newer Linux than the image's",
    "ImportError: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found (required by /tmp/env/lib/libx.so)",
  ),
  of(
    "the Python backend's stub doesn't find its Python",
    "/opt/ml/model/digits/triton_python_backend_stub: error while loading shared libraries: libpython3.8.so.1.0: cannot open shared object file: No such file or directory",
  ),
  of(
    "the Python backend's stub is missing or can't be run",
    failedToLoad(
      "Not found: triton_python_backend_stub is not found. Searched paths: /opt/tritonserver/backends/python and /opt/x",
    ),
  ),
  of(
    "an execution environment's archive can't be opened",
    failedToLoad("Internal: archive_read_open_filename() failed."),
  ),
  of(
    "an execution environment's archive can't be opened",
    failedToLoad("Internal: archive_read_open_filename() failed."),
    { multiModel: true },
  ),
  of(
    "an execution environment's archive can't be unpacked",
    failedToLoad(
      "Internal: archive_write_header() failed with error code = -25 error message is Hard-link target 'lib/x' does not exist",
    ),
  ),
  of(
    "an execution environment has no bin/activate",
    failedToLoad(
      "Internal: Path /tmp/python_env_a1/0/bin/activate does not exist. The Python environment should contain an activation script.",
    ),
  ),
  of("a model can't import a file of its own", "ModuleNotFoundError: No module named '1.helper'"),
  of("nothing provides sklearn", "Internal: ModuleNotFoundError: No module named 'sklearn.svm'", local),
  of("packages were built for another NumPy", "ImportError: numpy.core.multiarray failed to import"),
  of(
    "the versions of two Python packages don't fit together",
    "ImportError: cannot import name 'cached_download' from 'huggingface_hub'",
  ),
  of(
    "a Python package that the model imports is not in the image",
    stub("ModuleNotFoundError: No module named 'transformers'"),
    { ownImage: true },
  ),
  of(
    "a Python package that the model imports is not in the image",
    stub("ModuleNotFoundError: No module named 'transformers'"),
  ),
  of(
    "a model can't reach the network",
    "OSError: We couldn't connect to 'https://huggingface.co' to load this file, couldn't find it in the cached files",
  ),
  of("Hugging Face refuses to give a model", "huggingface_hub.errors.GatedRepoError: 401 Client Error."),
  of("model.py is missing", stub("Python model file not found in '/opt/ml/model/digits/1/model.py'")),
  of(
    "model.py lacks what the Python backend calls",
    stub("AttributeError: module '1.model' has no attribute 'TritonPythonModel'"),
  ),
  of("model.py is no valid Python for the version that runs it", "SyntaxError: invalid syntax (model.py, line 12)"),
  of(
    "model.py and model_transaction_policy disagree about the number of answers",
    "Python model 'digits_0' is using the decoupled mode and the execute function must return None.",
  ),
  of(
    "a model calls a decoupled model like one with a single answer",
    "Model 'llm' is using the decoupled. The current BLS request call doesn't support models using the decoupled transaction policy.",
  ),
  of(
    "a model that another one calls is not loaded",
    "Failed for execute the inference request. Model 'encoder' is not ready.",
  ),
  of("native code crashed", "Signal (11) received."),
  of(
    "a Python model takes too long to start",
    error("python_be.cc:1902", "Timed out occurred while waiting for the stub process."),
  ),
  of("the Python model's process ended", error("python_be.cc:1902", "Stub process 'digits_0' is not healthy.")),
  of("the code of a Python model raised an error", stub("ValueError: weights are missing")),
  of(
    "a model can't reach the network",
    "OSError: Can't load tokenizer for 'bert-base-uncased'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name.",
  ),
  of("native code crashed", "free(): invalid pointer"),
  of(
    "the versions of two libraries don't fit together",
    "ImportError: /tmp/env/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister",
  ),
  of(
    "a Python model opens a file that isn't there",
    "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/model/bert/1/vocab.txt'",
  ),
];

/** Lines of backends. */
const backendLines: readonly LogLineCase[] = [
  of(
    "the ONNX model is newer than the image's ONNX Runtime",
    failedToLoad(
      "Internal: onnx runtime error 1: Load model from /opt/ml/model/digits/1/model.onnx failed: Unsupported model IR version: 10, max supported IR version: 9",
    ),
  ),
  of(
    "ONNX Runtime doesn't know an operator of the model",
    failedToLoad("Internal: onnx runtime error 1: Fatal error: com.acme:Rotate(-1) is not a registered function/op"),
  ),
  of(
    "the ONNX model's external data is missing",
    failedToLoad(
      "Internal: onnx runtime error 6: filesystem error: cannot get file size: /opt/ml/model/digits/1/model.onnx.data",
    ),
  ),
  of(
    "the ONNX file is damaged, or is no ONNX model",
    failedToLoad(
      "Internal: onnx runtime error 7: Load model from /opt/ml/model/digits/1/model.onnx failed:Protobuf parsing failed.",
    ),
  ),
  of(
    "config.pbtxt asks for an execution accelerator that the backend doesn't have",
    "| encode_onnx | 1 | UNAVAILABLE: Invalid argument: unknown Execution Accelerator 'tensorrt' is requested |",
  ),
  of(
    "ONNX Runtime can't use its accelerator",
    "[E:onnxruntime:log, provider_bridge_ort.cc:1480 TryGetProviderInfo_CUDA] Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file",
  ),
  of(
    "ONNX Runtime can't pin its threads to processors in a container",
    "[E:onnxruntime:log, env.cc:254 ThreadMain] pthread_setaffinity_np failed for thread: 61, index: 0, mask: {1, 25, }, error code: 22 error msg: Invalid argument.",
  ),
  of(
    "the TensorRT plan was built by another version of TensorRT",
    error(
      "logging.cc:43",
      "1: [stdArchiveReader.cpp::StdArchiveReader::35] Error Code 1: Serialization (Serialization assertion safeVersionRead == safeSerializationVersion failed.Version tag does not match. Note: Current Version: 0, Serialized Engine Version: 43)",
    ),
  ),
  of(
    "the TensorRT plan was built by another version of TensorRT",
    error(
      "logging.cc:40",
      "6: The engine plan file is not compatible with this version of TensorRT, expecting library version 10.8.0.43 got 8.6.1.6, please rebuild.",
    ),
  ),
  of(
    "the TensorRT plan was built for another GPU",
    error(
      "logging.cc:40",
      "6: The engine plan file is generated on an incompatible device, expecting compute 7.5 got compute 8.6, please rebuild.",
    ),
  ),
  of(
    "the TensorRT plan doesn't take these batch sizes or shapes",
    failedToLoad(
      "Invalid argument: unable to autofill for 'digits': configuration specified max-batch 16 but TensorRT engine only supports max-batch 8",
    ),
  ),
  of(
    "the TensorRT plan needs a plugin that isn't loaded",
    error("logging.cc:40", "3: getPluginCreator could not find plugin: BatchedNMS_TRT version: 1"),
  ),
  of("TensorRT can't load the plan", failedToLoad("Internal: unable to create TensorRT engine: ")),
  of(
    "model.pt is no TorchScript file",
    failedToLoad(
      "Internal: failed to load model 'bert': PytorchStreamReader failed reading zip archive: failed finding central directory",
    ),
  ),
  of(
    "the TorchScript model uses an operator that the image's PyTorch doesn't have",
    failedToLoad("Internal: failed to load model 'm': Unknown builtin op: torchvision::nms."),
  ),
  of(
    "model.pt was saved by a newer PyTorch than the image's",
    "Attempted to read a PyTorch file with version 10, but the maximum supported version for reading is 9.",
  ),
  of(
    "PyTorch can't assign the tensors of config.pbtxt to the model's",
    failedToLoad(
      "Invalid argument: PyTorch model 'm' is using sequence batching; input 'x' does not follow the <name>__<index> naming convention.",
    ),
  ),
  of(
    "parts of the PyTorch model are on different devices",
    "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
  ),
  of(
    "FIL doesn't find the model's file",
    failedToLoad('Unavailable: Could not open model file "/opt/ml/model/trees/1/checkpoint.tl"'),
  ),
  of(
    "FIL doesn't take a parameter of config.pbtxt",
    failedToLoad("Invalid argument: xgb not recognized as a valid serialization format."),
  ),
  of("FIL can't read the model's file", [
    "| trees | 1       | UNAVAILABLE: Unknown: [22:10:17] /rapids_triton/bui |",
    "|       |         | ld/_deps/treelite-src/src/frontend/xgboost_js       |",
    "|       |         | on.cc:674: Provided JSON could not be pars          |",
  ]),
  of(
    "vLLM's models are decoupled, and config.pbtxt says otherwise",
    stub("AssertionError: vLLM Triton backend must be configured to use decoupled model transaction policy"),
  ),
  of("vLLM batches by itself", failedToLoad("Invalid argument: the vllm backend needs max_batch_size 0")),
  of(
    "vLLM's model.json is missing or wrong",
    "AssertionError: 'model.json' containing vllm engine args must be provided in '/opt/ml/model/llm/1'",
  ),
  of(
    "vLLM's model needs more GPUs than it is given",
    "ValueError: KIND_GPU is currently for single-GPU models, please specify KIND_MODEL in the model's config.pbtxt for multi-GPU models",
  ),
  of(
    "vLLM's context is longer than the model or the GPU's memory allows",
    "ValueError: To serve at least one request with the models's max seq len (131072), 16.0 GiB KV cache is needed",
  ),
  of(
    "vLLM's metrics are off, because Triton's are",
    "I1101 08:00:01.000001 45 model.py:198] [vllm] Metrics not supported",
  ),
  of(
    "DALI can't run the pipeline",
    failedToLoad("Unknown: DALI Backend error: [/opt/dali/pipeline.cc:102] Wrong stage order!"),
  ),
  of(
    "OpenVINO can't load the model",
    failedToLoad("Internal: openvino error in reading network: Unable to read the model"),
  ),
  of(
    "TensorFlow can't load the model",
    "Op type not registered 'SentencepieceOp' in binary running on model.aws.local.",
  ),
  of(
    "Triton can't complete config.pbtxt from the model",
    failedToLoad("Invalid argument: autofill failed for model 'digits': it failed"),
  ),
  of(
    "config.pbtxt doesn't match the model",
    failedToLoad(
      "Invalid argument: model 'digits', tensor 'x': the model expects 2 dimensions (shape [-1,4]) but the model configuration specifies 3 dimensions",
    ),
  ),
  of(
    "config.pbtxt doesn't match the model",
    failedToLoad("Invalid argument: unexpected inference input 'X', allowed inputs are: x"),
  ),
  of(
    "the model can't compute a request",
    "onnx runtime error 2: Got invalid dimensions for input: x for the following indices index: 1 Got: 5 Expected: 4",
  ),
  of(
    "the model can't compute a request",
    "PyTorch execute failure: The following operation failed in the TorchScript interpreter.",
  ),
];

/** Lines of the repository, of requests and of SageMaker. */
const serverLines: readonly LogLineCase[] = [
  of(
    "TensorFlow's backend left Triton's image with 25.03",
    failedToLoad(
      "Invalid argument: unable to find 'libtriton_tensorflow.so' or 'tensorflow/model.py' for model 'flowers'",
    ),
    { release: "25.09" },
  ),
  of(
    "the local Triton has no repository agents; the image has checksum",
    "unable to find 'libtritonrepoagent_checksum.so' for repo agent 'checksum', searched: /opt/tritonserver",
    local,
  ),
  of(
    "the image has no such repository agent",
    "unable to find 'libtritonrepoagent_x.so' for repo agent 'x', searched: /opt/tritonserver",
  ),
  of("the local Triton has no such backend", "unable to find backend library for backend 'tensorrt'", local),
  of(
    "the image has no such backend",
    failedToLoad(
      "Invalid argument: unable to find 'libtriton_tensorflow.so' or 'tensorflow/model.py' for model 'flowers'",
    ),
    { release: "24.01" },
  ),
  of("config.pbtxt doesn't say which backend runs the model", "must specify 'platform' or 'backend' for 'digits'"),
  of("a library that a backend or a package needs is not in the image", [
    failedToLoad("Not found: unable to load shared library:"),
    "libcublas.so.11: cannot open shared object file: No such file or directory",
  ]),
  of(
    "config.pbtxt has a field that Triton doesn't know",
    '[libprotobuf ERROR /tmp/src/google/protobuf/text_format.cc:335] Error parsing text-format inference.ModelConfig: 7:11: Message type "inference.ModelConfig" has no field named "max_batchsize".',
  ),
  of(
    "config.pbtxt can't be parsed",
    error(
      "model_repository_manager.cc:1335",
      "Poll failed for model directory 'm': failed to read text proto from /opt/ml/model/m/config.pbtxt",
    ),
  ),
  of(
    "two repositories have a model of this name, and neither is loaded",
    error("model_repository_manager.cc:1372", "failed to poll model 'm': not unique across all model repositories"),
  ),
  of(
    "a model's folder and name in config.pbtxt differ",
    "unexpected directory name 'a' for model 'b', directory name must equal model name",
  ),
  of("a model has no version that version_policy allows", "failed to load 'm', no version is available"),
  of(
    "a folder in a model's folder is no version, because its name is no number",
    warning(
      "model_lifecycle.cc:108",
      "ignore version directory '.ipynb_checkpoints' which fails to convert to integral number",
    ),
  ),
  of(
    "a model's file isn't where its backend looks",
    failedToLoad("Internal: failed to stat file /opt/ml/model/embedder/1/model.onnx"),
  ),
  of(
    "the batch sizes in config.pbtxt don't fit together",
    "dynamic batching preferred size must be <= max batch size for m",
  ),
  of(
    "an ensemble's step gave no output that a later step waits for",
    "in ensemble 'pipeline', unexpected deadlock, at least one output is not set while no more ensemble steps can be made",
  ),
  of(
    "an ensemble's step gets inputs from two decoupled models",
    "step of model 'join' receives inputs originated from different decoupled models",
  ),
  of(
    "an ensemble needs a model that isn't loaded",
    "Invalid argument: ensemble 'pipeline' depends on 'encoder' which has no loaded version. Model 'encoder' loading failed",
  ),
  of(
    "an ensemble's steps don't fit together",
    "Invalid argument: in ensemble pipeline, ensemble tensor 'y': is unused in ensemble 'pipeline'",
  ),
  of(
    "a model can't compute its warm-up request",
    "failed to run warmup sample 'zeros': unexpected shape for input 'x'",
  ),
  of(
    "the default model is not in the repository",
    "ERROR: Directory with provided SAGEMAKER_TRITON_DEFAULT_MODEL_NAME penguin does not exist",
  ),
  of(
    "there are several models and none is the default",
    "ERROR: More than 1 model directory found in model repository.",
  ),
  of("the only model is the default one", "WARNING: No SAGEMAKER_TRITON_DEFAULT_MODEL_NAME provided."),
  of("the archive's layout is wrong: models must be folders at its top", "ERROR: No model found in model repository"),
  of(
    "modelServer.inferenceType has a value that the server doesn't know",
    "ERROR: Invalid SAGEMAKER_TRITON_INFERENCE_TYPE 'generate-stream'",
  ),
  of("the image's Triton doesn't know an option", "tritonserver: unrecognized option '--http-restricted-api'"),
  of(
    "two servers in the container want the same port",
    "failed to start GRPC service: Unavailable - Socket '0.0.0.0:8080' already in use",
  ),
  of("SageMaker stops the container: after an update, a scale-in or a failed health check", "Signal (15) received."),
  of(
    "Triton's metrics are off",
    warning("metrics.cc:402", "No polling metrics (CPU, GPU, Cache) are enabled. Will not poll for them."),
  ),
  of(
    "the image's hint for Docker on a machine of one's own",
    "NOTE: The SHMEM allocation limit is set to the default of 64MB.  This may be",
  ),
  of("requests were still running when the server had to end", "Internal - Exit timeout expired. Exiting immediately."),
  of("a model can't be loaded", "error: creating server: Internal - failed to load all models"),
  of(
    "a decoupled model gives many answers, and /invocations takes one",
    "HTTP end point doesn't support models with decoupled transaction policy",
    { release: "24.09" },
  ),
  of(
    "a decoupled model gives many answers, and /invocations takes one",
    "HTTP end point doesn't support models with decoupled transaction policy",
  ),
  of(
    "a request is larger than the 4 MB that serverless inference takes",
    "ValidationError: Request a1b2 has oversize body.",
    serverless,
  ),
  of(
    "a request is too large",
    "An error occurred (413) when calling the InvokeEndpoint operation: HTTP content length exceeded 5246976 bytes.",
  ),
  of(
    "a request took longer than the 60 seconds that SageMaker waits",
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch",
  ),
  of(
    "the model failed, and its answer broke off",
    "Received server error (500) from primary and could not load the entire response body.",
  ),
  of(
    "requests wait longer than the model's queue policy allows",
    "[request id: <id_unknown>] Exceeds maximum queue size",
  ),
  of("a request's shape doesn't fit config.pbtxt", "inference request batch-size must be <= 8 for 'digits'"),
  of(
    "a request doesn't have the model's inputs",
    "[request id: 1] expected 2 inputs but got 1 inputs for model 'digits'",
  ),
  of("a binary request has the wrong form", "must specify valid 'Infer-Header-Content-Length' in request header"),
  of(
    "a request is not in the form that the server takes",
    "Unable to parse 'inputs': attempt to access non-existing object member 'inputs'",
  ),
  of(
    "a request to a model with sequences lacks its sequence's parameters",
    "inference request for sequence 7 to model 'm' must specify the START flag on the first request of the sequence",
  ),
  of("SageMaker throttles the requests", "ThrottlingException: Rate exceeded"),
  of(
    "the image is too large for serverless inference",
    "Image size 13494688833 is greater than supported size 10737418240",
  ),
  of(
    "SageMaker can't unpack the model's archive",
    'Failed to extract model data archive for container "container_1" from URL "s3://models/model.tar.gz". Please ensure that the object located at the URL is a valid tar.gz archive.',
  ),
  of("the model takes too long to download", "Model data download timed out after 3600 seconds"),
  of(
    "SageMaker can't read the model",
    'Failed to download model data for container "container_1" from URL: "s3://models/model.tar.gz". Please ensure that there is an object located at the URL',
  ),
  of(
    "SageMaker can't read the model",
    "Could not access model data at s3://models/artifacts/model.tar.gz. Please ensure that the role exists and that its trust relationship policy allows the action",
  ),
  of(
    "the role may not pull the image",
    "The role 'arn:aws:iam::123456789012:role/triton' does not have BatchGetImage permission for the image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton:26.05'.",
  ),
  of(
    "SageMaker can't assume the role",
    "SageMaker is unable to perform: sts:AssumeRole on the role. Check if you have a trust relationship for 'sagemaker.amazonaws.com' to assume the role.",
  ),
  of(
    "the KMS key can't be used",
    "The ciphertext refers to a key: KMS key arn:aws:kms:eu-central-1:123456789012:key/1 is disabled",
  ),
  of(
    "the role lacks a permission",
    "User: arn:aws:sts::123456789012:assumed-role/triton/SageMaker is not authorized to perform: cloudwatch:PutMetricData",
  ),
  of(
    "there was no healthy answer before the timeout",
    "The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
  ),
  of(
    "the image is built for another processor than the instance's",
    "exec /opt/nvidia/nvidia_entrypoint.sh: exec format error",
  ),
  of(
    "the container does not start",
    "CannotStartContainerError. Please ensure the model container for variant AllTraffic starts correctly when invoked with 'docker run <image> serve'",
  ),
  of(
    "SageMaker can't pull the image",
    "Requested image 123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton:26.05 not found.",
  ),
  of(
    "AWS has no free instance of this type",
    "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.",
  ),
  of("the account's quota is used up", "ResourceLimitExceeded: the account's concurrency limit", serverless),
  of(
    "the account's quota is used up",
    "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances.",
  ),
  of("an alarm took the release back", "One or more configured alarm(s) triggered: triton-dev-latency"),
  of("the endpoint can't use its network", "The subnet 'subnet-0123' does not exist"),
  of(
    "the host image doesn't fit the instance type",
    "The InferenceAmiVersion al2-ami-sagemaker-inference-gpu-2 is not supported for ml.m5.large",
  ),
  of(
    "the Model of the endpoint's configuration is gone",
    'Could not find model "arn:aws:sagemaker:eu-central-1:123456789012:model/m".',
  ),
  of(
    "SageMaker failed by itself",
    "Request to service failed. If failure persists after retry, contact customer support.",
  ),
  of(
    "a request's data type isn't the model's",
    "inference input data-type is 'FP64', but model 'digits' expects 'FP32'",
  ),
  of("a model of many is still loading", "ModelNotReadyException: the model is loading"),
  of(
    "config.pbtxt doesn't say which backend runs the model",
    "Could not determine backend for model 'x' with no backend in model configuration.",
  ),
  of(
    "an ensemble's steps don't fit together",
    "Invalid argument: in ensemble e, ensemble tensor y: inconsistent data type: TYPE_FP32 is inferred from model a while TYPE_INT64 is inferred from model b",
  ),
  of(
    "the code of a Python model raised an error",
    "in ensemble 'e', Failed to process the request(s) for model instance 'pre_0', message: TypeError: 'NoneType' object is not subscriptable",
  ),
];

/** A line for each row of the table, at least. */
export const logLineCases: readonly LogLineCase[] = [...machineLines, ...pythonLines, ...backendLines, ...serverLines];

/** Lines of a server that is well. */
export const plainLines: readonly string[] = [
  "I1101 08:00:01.000001 45 server.cc:676] +---------+---------+--------+",
  'I1101 08:00:01.000001 45 model_lifecycle.cc:845] successfully loaded "digits"',
  "I1101 08:00:01.000001 45 pinned_memory_manager.cc:275] Pinned memory pool is created at '0x7f' with size 268435456",
  "I1101 08:00:01.000001 45 tritonserver.cc:2598] | cuda_memory_pool_byte_size{0} | 67108864 |",
  "I1101 08:00:01.000001 45 sagemaker_server.cc:301] Started Sagemaker HTTPService at 0.0.0.0:8080",
  "I1101 08:00:01.000001 45 http_server.cc:4725] SageMaker request: 2 /invocations",
  "2026-11-01 08:00:01.1 [I:onnxruntime:log, bfc_arena.cc:26 BFCArena] Creating BFCArena for Cuda with following configs: initial_chunk_size_bytes: 1048576",
  "I1101 08:00:01.000001 45 stub_launcher.cc:388] Starting Python backend stub:  exec /opt/tritonserver/backends/python/triton_python_backend_stub /opt/ml/model/digits/1/model.py triton_python_backend_shm_region_1 1048576 1048576 45 /opt/tritonserver/backends/python 336 digits_0",
  'I1101 08:00:01.000001 45 server.cc:604] | onnxruntime | /opt/tritonserver/backends/onnxruntime/libtriton_onnxruntime.so | {"cmdline":{"auto-complete-config":"true"}} |',
  "I1101 08:00:01.000001 45 tritonserver.cc:2598] | server_extensions | classification sequence model_repository schedule_policy binary_tensor_data parameters statistics trace logging |",
  "I1101 08:00:01.000001 45 model_config_utils.cc:1902] ModelConfig::sequence_batching::direct::minimum_slot_utilization",
  "NVIDIA Release 26.05 (build 203610275)",
  "By pulling and using the container, you accept the terms and conditions of this license:",
  "== Triton Inference Server ==",
  "",
];
