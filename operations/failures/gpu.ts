import { triton, type FailureRow } from "./row.ts";

const hostImages = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html";

/** GPUs, drivers and CUDA; what is harmless where there is no GPU comes first. */
export const gpuRows: readonly FailureRow[] = [
  {
    pattern: /Unable to allocate pinned system memory|failed to allocate pinned system memory/i,
    when: "with a GPU",
    cause: "Triton can't use the GPU: its driver doesn't fit the image",
    remedy: "set inferenceAmiVersion to a host image with a newer driver, or imageTag to an earlier release",
    source: triton("server", "issues/7955"),
  },
  {
    pattern: /Unable to allocate pinned system memory|failed to allocate pinned system memory/i,
    when: "without a GPU",
    cause: "pinned memory is for GPUs only, and there is none",
    remedy: "nothing to do",
    kind: "harmless",
    source: triton("server", "issues/3174"),
  },
  {
    pattern: /Unable to allocate pinned system memory|failed to allocate pinned system memory/i,
    cause: "pinned memory is for GPUs only",
    remedy: "nothing to do without a GPU; with one, its driver doesn't fit the image: set inferenceAmiVersion",
    kind: "harmless",
    source: triton("server", "issues/3174"),
  },
  {
    pattern: /CUDA memory pool disabled|NVIDIA Driver was not detected|Failed to detect NVIDIA driver version/i,
    when: "with a GPU",
    cause: "Triton found no GPU that it can use",
    remedy: "set inferenceAmiVersion to a host image whose driver fits the image, or imageTag to an earlier release",
    source: triton("core", "blob/main/src/cuda_memory_manager.cc"),
  },
  {
    pattern: /CUDA memory pool disabled|NVIDIA Driver was not detected|Failed to detect NVIDIA driver version/i,
    cause: "Triton found no GPU",
    remedy: "nothing to do on an instance without one",
    kind: "harmless",
    source: triton("core", "blob/main/src/cuda_memory_manager.cc"),
  },
  {
    pattern: /CudaDriverHelper has not been initialized|failed to call cuInit: CUDA_ERROR_NO_DEVICE/i,
    cause: "the CUDA driver isn't loaded, because there is no GPU",
    remedy: "nothing to do",
    kind: "harmless",
    source: triton("core", "blob/main/src/cuda_utils.h"),
  },
  {
    pattern: /Failed to allocate CUDA memory with byte size.*falling back to pinned/i,
    cause: "Triton's own pool of GPU memory is full, so it copies through the host, which is slower",
    remedy: "if it happens often, add --cuda-memory-pool-byte-size=0:268435456 to SAGEMAKER_TRITON_ADDITIONAL_ARGS",
    kind: "harmless",
    source: triton("server", "issues/3511"),
  },
  {
    pattern: /DCGM unable to|NVML (initialization )?failed|Cannot get CUDA device count, GPU metrics/i,
    cause: "there are no metrics of GPUs",
    remedy: "nothing to do; inference doesn't depend on them",
    kind: "harmless",
    source: triton("core", "blob/main/src/metrics.cc"),
  },
  {
    pattern:
      /CUDA lazy loading is not enabled|failed to enable peer access|(Minor Version|Legacy NVIDIA Driver).*Compatibility mode ENABLED|linked against cuDNN .* but loaded cuDNN/i,
    cause: "a hint about speed, or about the version of a library or driver that still works",
    remedy: "nothing to do",
    kind: "harmless",
    source: "https://docs.nvidia.com/cuda/cuda-c-programming-guide/lazy-loading.html",
  },
  {
    pattern:
      /kind KIND_GPU but (no GPUs are available|server does not support)|specifies invalid or unsupported gpu id|GPU instances not supported/i,
    when: "`npm start`",
    cause: "the model asks for a GPU, which the local Triton can't use",
    remedy:
      "to try the model without a GPU, write KIND_AUTO in its instance_group, which uses a GPU if there is one. With a GPU on this machine, serve the image itself: --docker --gpus",
    source: triton("core", "blob/main/src/model_config_utils.cc"),
  },
  {
    pattern:
      /kind KIND_GPU but (no GPUs are available|server does not support)|specifies invalid or unsupported gpu id|GPU instances not supported/i,
    cause: "the model asks for a GPU that the instance does not have",
    remedy: "choose an instanceType with a GPU, or KIND_CPU or KIND_AUTO in instance_group of config.pbtxt",
    source: triton("core", "blob/main/src/model_config_utils.cc"),
  },
  {
    pattern:
      /libcuda\.so[.\d]*: cannot open|Found no NVIDIA driver|Torch not compiled with CUDA enabled|deserialize object on a CUDA device but|No CUDA GPUs are available|no CUDA-capable device|Failed to infer device type|Can't initialize NVML|Driver\/library version mismatch/i,
    when: "with a GPU",
    cause: "the container doesn't see the instance's GPU",
    remedy:
      "set inferenceAmiVersion to a host image whose driver fits the image, and use an image that is built for CUDA",
    source: hostImages,
  },
  {
    pattern:
      /libcuda\.so[.\d]*: cannot open|Found no NVIDIA driver|Torch not compiled with CUDA enabled|deserialize object on a CUDA device but|No CUDA GPUs are available|no CUDA-capable device|Failed to infer device type/i,
    cause: "the model's code asks for a GPU that the instance does not have",
    remedy: 'choose an instanceType with a GPU, or let the code fall back to the CPU: map_location="cpu", device="cpu"',
    source: "https://pytorch.org/docs/stable/generated/torch.load.html",
  },
  {
    pattern:
      /compatibility mode is UNAVAILABLE|driver version is insufficient for CUDA runtime|UNSUPPORTED_DRIVER|system has unsupported display driver|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|cudaErrorInsufficientDriver|CUDA initialization failure with error: 35|no supported NVIDIA driver|NVIDIA driver on your system is too old|forward compatibility was attempted/i,
    when: "without a GPU",
    cause: "the model asks for a GPU that the instance does not have",
    remedy: "choose an instanceType with a GPU, or KIND_CPU or KIND_AUTO in instance_group of config.pbtxt",
    source: triton("server", "issues/3174"),
  },
  {
    pattern:
      /compatibility mode is UNAVAILABLE|driver version is insufficient for CUDA runtime|UNSUPPORTED_DRIVER|system has unsupported display driver|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|cudaErrorInsufficientDriver|CUDA initialization failure with error: 35|no supported NVIDIA driver|NVIDIA driver on your system is too old|forward compatibility was attempted/i,
    cause: "the GPU driver is too old for the image",
    remedy: "set inferenceAmiVersion to a host image with a newer driver, or imageTag to an earlier release",
    source: "https://github.com/aws/deep-learning-containers/issues/4990",
  },
  {
    pattern:
      /no kernel image is available for execution on the device|compute capability .*(less than|lower than|below) the minimum|is no longer supported by the (GPU|CUDA)|CUDA capability sm_\d+ is not compatible/i,
    cause: "the GPU is too old for the image",
    remedy: "choose an instanceType with a newer GPU, or an earlier release as imageTag",
    source: "https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html",
  },
  {
    pattern: /only supported on GPUs with compute capability/i,
    cause: "the GPU is too old for the model's data type",
    remedy: "choose an instanceType with a newer GPU, or another data type: float16 instead of bfloat16",
    source: "https://docs.vllm.ai/en/stable/models/supported_models.html",
  },
  {
    pattern: /NCCL (error|WARN)|ncclUnhandledCudaError|ncclSystemError/i,
    cause: "the GPUs of a model can't exchange data",
    remedy:
      "set NCCL_DEBUG=INFO in environment to see why; too little shared memory is the usual reason, and NCCL_SHM_DISABLE=1 does without",
    source: "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html",
  },
  {
    pattern: /ECC error|\bXid\b.*\d|GPU has fallen off the bus|uncorrectable (ECC|NVLink)|CUDA_ERROR_ECC/i,
    cause: "the instance's GPU is broken",
    remedy: "release again (npm run up), so that SageMaker starts other instances; tell AWS's support if it recurs",
    source: "https://docs.nvidia.com/deploy/xid-errors/index.html",
  },
  {
    pattern:
      /illegal memory access|CUDNN_STATUS_EXECUTION_FAILED|device-side assert|CUDA failure (700|710)|unspecified launch failure/i,
    cause: "the model's code crashed on the GPU",
    remedy:
      "the instance's later requests fail too, until it is replaced: look for the first such line, check the shapes and indices of its request, and set CUDA_LAUNCH_BLOCKING=1 in environment to find the place",
    source: "https://pytorch.org/docs/stable/notes/cuda.html",
  },
];
