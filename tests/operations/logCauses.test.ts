import { expect } from "chai";
import { readFileSync } from "node:fs";
import { explainLine, logCauses } from "../../operations/logCauses.ts";

// Lines as Triton, its serve script and SageMaker write them; names, paths and numbers are made up.
const lines: Readonly<Record<string, string>> = {
  "E1101 08:00:01.000001 45 python_be.cc:1980] TRITONBACKEND_ModelInstanceInitialize: Failed to increase the shared memory pool size for key 'triton_python_backend_shm_region_6' to 67108864 bytes. If you are running Triton inside docker, use '--shm-size' flag to control the shared memory region size. Error: No space left on device":
    "shared memory is too small",
  "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 14.58 GiB total capacity)":
    "the GPU is out of memory",
  "terminate called after throwing an instance of 'std::bad_alloc'": "the instance is out of memory",
  "ERROR: This container was built for NVIDIA Driver Release 575.51 or later, but version 470.256.02 was detected and compatibility mode is UNAVAILABLE.":
    "the GPU driver is too old for the image",
  "RuntimeError: CUDA error: no kernel image is available for execution on the device":
    "the GPU is too old for the image",
  "Failed for execute the inference request. Model 'encoder' is not ready.":
    "a model that another one calls is not loaded",
  "E1101 08:00:01.000001 45 pb_stub.cc:402] Failed to initialize Python stub: ModuleNotFoundError: No module named 'transformers'":
    "a Python package that the model imports is not in the image",
  "E1101 08:00:01.000001 45 model_lifecycle.cc:638] failed to load 'digits' version 1: Internal: onnx runtime error 1: Load model from /opt/ml/model/digits/1/model.onnx failed: Unsupported model IR version: 10, max supported IR version: 9":
    "the ONNX model is newer than the image's ONNX Runtime",
  "E1101 08:00:01.000001 45 model_lifecycle.cc:638] failed to load 'flowers' version 1: Invalid argument: unable to find 'libtriton_tensorflow.so' or 'tensorflow/model.py' for model 'flowers'":
    "the image has no such backend",
  "instance group digits_0 of model digits has kind KIND_GPU but no GPUs are available":
    "the model asks for a GPU that the instance does not have",
  "E1101 08:00:01.000001 45 python_be.cc:1902] Stub process 'digits_0' is not healthy.":
    "the Python model's process ended",
  "ERROR: Directory with provided SAGEMAKER_TRITON_DEFAULT_MODEL_NAME penguin does not exist":
    "the default model is not in the repository",
  "ERROR: More than 1 model directory found in model repository.": "there are several models and none is the default",
  "ERROR: No model found in model repository": "the archive's layout is wrong: models must be folders at its top",
  "E1101 08:00:01.000001 45 model_lifecycle.cc:638] failed to load 'digits' version 1: Invalid argument: model 'digits', tensor 'x': the model expects 2 dimensions":
    "a model can't be loaded",
  "The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.":
    "there was no healthy answer before the timeout",
  "CannotStartContainerError. Please ensure the model container for variant AllTraffic starts correctly when invoked with 'docker run <image> serve'":
    "the container does not start",
  "Requested image 123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton:26.05 not found.":
    "SageMaker can't pull the image",
  "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.":
    "AWS has no free instance of this type",
  "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances.":
    "the account's quota is used up",
  "Could not access model data at s3://models/artifacts/model.tar.gz. Please ensure that the role exists and that its trust relationship policy allows the action":
    "SageMaker can't read the model",
};

describe("a line of the container's log", () => {
  for (const [line, cause] of Object.entries(lines)) {
    it(`is explained as "${cause}": ${line.slice(0, 60)}…`, () => {
      const { cause: told, remedy } = explainLine(line) ?? {};
      expect(told).to.equal(cause);
      expect(remedy).to.match(/.{10,}/);
    });
  }

  it("without a known failure is not explained", () => {
    for (const line of [
      "I1101 08:00:01.000001 45 server.cc:676] +---------+---------+--------+",
      'I1101 08:00:01.000001 45 model_lifecycle.cc:845] successfully loaded "digits"',
      "W1101 08:00:01.000001 45 pinned_memory_manager.cc:271] Unable to allocate pinned system memory",
      "",
    ]) {
      expect(explainLine(line), line).to.equal(undefined);
    }
  });

  it("is tested here for every row of the table", () => {
    const causes = new Set(Object.values(lines));
    expect(logCauses.map(({ cause }) => cause).filter((cause) => !causes.has(cause))).to.deep.equal([]);
  });

  it("has the same explanation in docs/operations.md as in the command, row by row", () => {
    const rows = readFileSync("docs/operations.md", "utf8")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const { cause, remedy, source } of logCauses) {
      expect(rows, cause).to.deep.include(["", cause, remedy, `[source](${source})`, ""]);
    }
  });

  it("has a source for every row of the table", () => {
    for (const { source, cause } of logCauses) expect(source, cause).to.match(/^https:\/\//);
  });
});
