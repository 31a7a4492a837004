/** What a line of the container's log, or SageMaker's FailureReason, means and which setting fixes it. */
export interface LogCause {
  /** What is wrong, in a few words: `shared memory is too small`. */
  readonly cause: string;
  /** What to do, with the setting's name. */
  readonly remedy: string;
}

interface Row extends LogCause {
  /** What the line matches. */
  readonly pattern: RegExp;
  /** Where the line was seen, or the code that writes it. */
  readonly source: string;
}

/**
 * Explains a log line by the first row that matches.
 *
 * @param line a line of the container's log, or SageMaker's FailureReason
 * @returns the cause and its remedy; `undefined` if no row matches
 */
export function explainLine(line: string): LogCause | undefined {
  const row = logCauses.find(({ pattern }) => pattern.test(line));
  return row && { cause: row.cause, remedy: row.remedy };
}

const server = "https://github.com/triton-inference-server/server";
const serveScript = `${server}/blob/main/docker/sagemaker/serve`;

/**
 * Pattern → cause → setting. Specific rows come before general ones: a model that fails to load because of a missing
 * package is explained by the package.
 */
export const logCauses: readonly Row[] = [
  {
    pattern:
      /Failed to increase the shared memory pool size|No space left on device.*shm|shm.*No space left on device/i,
    cause: "shared memory is too small",
    remedy:
      "lower modelServer.shmDefaultByteSize (each instance of a Python model takes that much) or instance_group's count in config.pbtxt",
    source: `${server}/issues/3678`,
  },
  {
    pattern: /CUDA out of memory|CUDA_ERROR_OUT_OF_MEMORY|CUDA error: out of memory|cudaErrorMemoryAllocation/i,
    cause: "the GPU is out of memory",
    remedy: "choose an instanceType with more GPU memory, or fewer instances in instance_group of config.pbtxt",
    source: `${server}/issues/5868`,
  },
  {
    pattern: /std::bad_alloc|MemoryError|Cannot allocate memory|Out of memory: Kill/i,
    cause: "the instance is out of memory",
    remedy: "choose an instanceType with more memory, or fewer instances in instance_group of config.pbtxt",
    source: `${server}/pull/5298`,
  },
  {
    pattern: /compatibility mode is UNAVAILABLE|driver version is insufficient for CUDA runtime/i,
    cause: "the GPU driver is too old for the image",
    remedy: "set inferenceAmiVersion to a host image with a newer driver, or imageTag to an earlier release",
    source: "https://github.com/aws/deep-learning-containers/issues/4990",
  },
  {
    pattern: /no kernel image is available for execution on the device/i,
    cause: "the GPU is too old for the image",
    remedy: "choose an instanceType with a newer GPU, or an earlier release as imageTag",
    source: "https://docs.nvidia.com/deeplearning/frameworks/support-matrix/index.html",
  },
  {
    pattern: /Failed for execute the inference request\. Model '.*' is not ready|Request for unknown model/i,
    cause: "a model that another one calls is not loaded",
    remedy: "name it in modelServer.loadModels",
    source: "https://github.com/aws/deep-learning-containers/issues/3299",
  },
  {
    pattern: /ModuleNotFoundError: No module named|ImportError: cannot import name/i,
    cause: "a Python package that the model imports is not in the image",
    remedy:
      "ship it as an environment archive (EXECUTION_ENV_PATH in config.pbtxt), or build an image and set imageUri",
    source: `${server}/issues/3094`,
  },
  {
    pattern:
      /Unsupported model IR version|only guarantees support for models stamped with official released onnx opset/i,
    cause: "the ONNX model is newer than the image's ONNX Runtime",
    remedy: "set imageTag to a later release, or export the model for an earlier opset",
    source: "https://onnxruntime.ai/docs/reference/compatibility.html",
  },
  {
    pattern: /unable to find (backend library|'?libtriton_\S+|.*shared library)/i,
    cause: "the image has no such backend",
    remedy: "correct backend in config.pbtxt, or set imageTag, upstreamImage or imageUri to an image that has it",
    source: "https://github.com/triton-inference-server/core/blob/main/src/backend_model.cc",
  },
  {
    pattern: /kind KIND_GPU but no GPUs are available|instance group .* specifies invalid or unsupported gpu id/i,
    cause: "the model asks for a GPU that the instance does not have",
    remedy: "choose an instanceType with a GPU, or KIND_CPU in config.pbtxt",
    source: "https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc",
  },
  {
    pattern: /Stub process .*(is not healthy|is unhealthy)|stub process exited unexpectedly/i,
    cause: "the Python model's process ended",
    remedy:
      "look for a signal or a traceback in the lines before; npm run serve shows the same on your machine. Too little memory or shared memory is another cause",
    source: `${server}/issues/5144`,
  },
  {
    pattern: /Directory with provided SAGEMAKER_TRITON_DEFAULT_MODEL_NAME .* does not exist/,
    cause: "the default model is not in the repository",
    remedy: "set defaultModelName to the name of a model's folder",
    source: serveScript,
  },
  {
    pattern: /More than 1 model directory found in model repository/,
    cause: "there are several models and none is the default",
    remedy: "set defaultModelName",
    source: serveScript,
  },
  {
    pattern: /No model found in model repository|ERROR: Incorrect directory structure/,
    cause: "the archive's layout is wrong: models must be folders at its top",
    remedy: "point modelRepository at the folder that holds the models' folders",
    source: serveScript,
  },
  {
    pattern: /failed to load '.*' version \d+|failed to load all models|Poll failed for model directory/i,
    cause: "a model can't be loaded",
    remedy: "npm run check -- <modelRepository> shows what is wrong with it; npm start loads it on your machine",
    source: `${server}/issues/3384`,
  },
  {
    pattern: /did not pass the ping health check/i,
    cause: "there was no healthy answer before the timeout",
    remedy:
      "npm run logs shows why; if the model is just slow to load, raise containerStartupHealthCheckTimeoutInSeconds",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/210",
  },
  {
    pattern: /CannotStartContainerError|exec format error/i,
    cause: "the container does not start",
    remedy:
      "use an image that has a serve command and is built for the instance's processor: see imageUri and instanceType",
    source: "https://github.com/aws-samples/comfyui-on-amazon-sagemaker/issues/2",
  },
  {
    pattern: /Requested image .* not found|repository .* does not exist|CannotPullContainerError|manifest unknown/i,
    cause: "SageMaker can't pull the image",
    remedy:
      "check imageUri or imageTag: the image must be in ECR in the endpoint's own region, and the role must be allowed to read it",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html",
  },
  {
    pattern: /InsufficientInstanceCapacity|Unable to provision requested ML compute capacity/i,
    cause: "AWS has no free instance of this type",
    remedy: "try again later, choose another instanceType, or more subnets in vpcConfig",
    source: "https://github.com/aws/deep-learning-containers/pull/6673",
  },
  {
    pattern: /ResourceLimitExceeded|account-level service limit/i,
    cause: "the account's quota is used up",
    remedy: "ask AWS for a higher quota for this instanceType's endpoint usage, or choose another one",
    source: "https://github.com/aws-samples/sagemaker-custom-project-templates/issues/51",
  },
  {
    pattern: /Could not (access|download|find) model data|Failed to download model data/i,
    cause: "SageMaker can't read the model",
    remedy: "check that modelDataUrl exists and that the role may read it and use its KMS key",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelDataSource.html",
  },
];
