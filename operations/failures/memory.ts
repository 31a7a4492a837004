import { triton, type FailureRow } from "./row.ts";

/** Memory, shared memory and disks that are full or can't be written. */
export const memoryRows: readonly FailureRow[] = [
  {
    pattern:
      /(Unable to initialize|Failed to increase the) shared memory|shared memory region .*No space left|No space left on device.{0,80}shm|shm.{0,200}No space left on device|Failed to initialize Python stub.{0,80}shared memory/i,
    when: "`npm start`",
    cause: "this machine's shared memory is too small",
    remedy: "free or enlarge /dev/shm (in Docker with --shm-size), or lower modelServer.shmDefaultByteSize",
    source: triton("server", "issues/6195"),
  },
  {
    pattern:
      /(Unable to initialize|Failed to increase the) shared memory|shared memory region .*No space left|No space left on device.{0,80}shm|shm.{0,200}No space left on device|Failed to initialize Python stub.{0,80}shared memory/i,
    cause: "shared memory is too small",
    remedy:
      "lower modelServer.shmDefaultByteSize, which each instance of a Python model takes, or instance_group's count in config.pbtxt; SageMaker has no option for the size of /dev/shm, which grows with the instance type",
    source: triton("server", "issues/6195"),
  },
  {
    pattern: /Signal \(7\) received|Bus error|SIGBUS|DataLoader worker .* is killed by signal: Bus/i,
    cause: "shared memory was full while a model wrote to it",
    remedy:
      "send smaller tensors between models, lower instance_group's count in config.pbtxt, or choose an instanceType with more memory",
    source: triton("server", "issues/5144"),
  },
  {
    pattern: /cannot allocate memory in static TLS block/i,
    cause: "a library was loaded too late to get its thread-local storage",
    remedy: "preload it: set LD_PRELOAD in environment to the library's path in the image",
    source: triton("server", "issues/4952"),
  },
  {
    pattern: /No available memory for the cache blocks|maximum number of tokens that can be stored in KV cache/i,
    cause: "vLLM has no GPU memory left for its cache",
    remedy:
      "lower max_model_len or raise gpu_memory_utilization in model.json, or choose an instanceType with more GPU memory",
    source: triton("vllm_backend", "blob/main/README.md"),
  },
  {
    pattern: /bfc_arena|BFCArena|AllocateRawInternal/,
    when: "without a GPU",
    cause: "the instance has no memory left for ONNX Runtime",
    remedy:
      "choose an instanceType with more memory, send smaller batches, or lower instance_group's count in config.pbtxt",
    source: "https://github.com/microsoft/onnxruntime/issues/20038",
  },
  {
    pattern: /(bfc_arena|BFCArena|AllocateRawInternal).*Failed to allocate memory/,
    cause: "the GPU has no memory left for ONNX Runtime's arena",
    remedy:
      'set the parameters arena_extend_strategy to "1" and gpu_mem_limit in config.pbtxt so that several models share the GPU, lower max_batch_size or instance_group\'s count, or choose an instanceType with more GPU memory',
    source: triton("onnxruntime_backend", "issues/249"),
  },
  {
    pattern:
      /CUDA out of memory|CUDA_ERROR_OUT_OF_MEMORY|CUDA error: out of memory|cudaErrorMemoryAllocation|CUDA failure 2\b|failed to allocate GPU memory: out of memory|(CUBLAS|CUDNN)_STATUS_(ALLOC_FAILED|NOT_INITIALIZED)|Requested amount of GPU memory|OutOfMemory.{0,80}GPU|(cuda|gpu|tensorrt)[^:]*: out of memory|CNMEM_STATUS_OUT_OF_MEMORY|Cuda Runtime \(out of memory\)|cudaMalloc.*out of memory/i,
    cause: "the GPU is out of memory",
    remedy:
      "choose an instanceType with more GPU memory, fewer instances in instance_group of config.pbtxt, or a smaller max_batch_size",
    source: triton("server", "issues/5868"),
  },
  {
    pattern: /Failed to allocate memory from CUDA memory pool|no preallocated CUDA memory/i,
    cause: "Triton's own pool of GPU memory is too small for the tensors of Python models",
    remedy: "add --cuda-memory-pool-byte-size=0:268435456 to SAGEMAKER_TRITON_ADDITIONAL_ARGS",
    source: triton("python_backend", "blob/main/src/infer_response.cc"),
  },
  {
    pattern: /has exceeded, model loading is rejected/i,
    cause: "the GPU holds as much as modelServer.modelLoadGpuLimit allows",
    remedy: "raise modelServer.modelLoadGpuLimit, load fewer models, or choose an instanceType with more GPU memory",
    source: triton("core", "blob/main/src/backend_model.cc"),
  },
  {
    pattern: /Received an OOM error during (LOAD|INVOKE) MODEL/i,
    cause: "no memory is left for another model, so SageMaker unloads one",
    remedy:
      "if it happens often, choose an instanceType with more memory, or spread the models over several endpoints: see multiModel",
    source: triton("server", "blob/main/src/sagemaker_server.cc"),
  },
  {
    pattern:
      /std::bad_alloc|\bMemoryError\b|Cannot allocate memory|Out of memory: Kill|oom-kill|DefaultCPUAllocator: (can't|not enough)|Unable to allocate [\d.]+ .iB for an array/i,
    when: "`npm start`",
    cause: "this machine is out of memory",
    remedy: "free some, or lower instance_group's count in config.pbtxt",
    source: triton("server", "pull/5298"),
  },
  {
    pattern:
      /std::bad_alloc|\bMemoryError\b|Cannot allocate memory|Out of memory: Kill|oom-kill|DefaultCPUAllocator: (can't|not enough)|Unable to allocate [\d.]+ .iB for an array/i,
    when: "serverless inference",
    cause: "the container is out of memory",
    remedy: "raise serverless.memorySizeInMb (6144 at most), or use an instanceType",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
  },
  {
    pattern:
      /std::bad_alloc|\bMemoryError\b|Cannot allocate memory|Out of memory: Kill|oom-kill|DefaultCPUAllocator: (can't|not enough)|Unable to allocate [\d.]+ .iB for an array/i,
    cause: "the instance is out of memory",
    remedy: "choose an instanceType with more memory, or fewer instances in instance_group of config.pbtxt",
    source: triton("server", "pull/5298"),
  },
  {
    pattern: /No space left on device|\bENOSPC\b|Disk quota exceeded|not enough (free )?(disk )?space/i,
    when: "`npm start`",
    cause: "this machine's disk is full",
    remedy: "free space in the folder for temporary files, where models and environments are unpacked",
    source: "https://man7.org/linux/man-pages/man3/errno.3.html",
  },
  {
    pattern: /No space left on device|\bENOSPC\b|Disk quota exceeded|not enough (free )?(disk )?space/i,
    when: "serverless inference",
    cause: "the container's disk is full",
    remedy:
      "make the model and its environment archives smaller: a serverless container has 5 GB of disk, and an environment is unpacked to it as well",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
  },
  {
    pattern: /No space left on device|\bENOSPC\b|Disk quota exceeded|not enough (free )?(disk )?space/i,
    cause: "the disk is full",
    remedy:
      "raise volumeSizeInGb, or choose an instanceType with more storage of its own; an environment archive takes its unpacked size in /tmp as well",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/host-instance-storage.html",
  },
  {
    pattern: /Read-only file system|Permission denied: '?"?\/opt\/ml|\[Errno (13|30)\].*\/opt\/ml|\bEROFS\b/i,
    cause: "a model writes where it only may read",
    remedy: "let it write to /tmp: SageMaker mounts /opt/ml/model read-only",
    source: "https://github.com/aws/sagemaker-containers/pull/218",
  },
  {
    pattern: /Too many open files/i,
    cause: "the container has too many files open",
    remedy:
      "close files and connections in model.py, and lower instance_group's count in config.pbtxt or modelServer.threadCount",
    source: "https://man7.org/linux/man-pages/man3/errno.3.html",
  },
];
