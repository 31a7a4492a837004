import { expect } from "chai";
import { conflictingVariables, serverEnvironment } from "../../sagemaker/serverEnvironment.ts";

describe("the container's environment", () => {
  it("keeps Triton from logging every request by default", () => {
    expect(serverEnvironment({ environment: {} })).to.deep.equal({ SAGEMAKER_TRITON_LOG_VERBOSE: "false" });
    expect(serverEnvironment({ modelServer: { logVerbose: true }, environment: {} })).to.deep.equal({
      SAGEMAKER_TRITON_LOG_VERBOSE: "true",
    });
  });

  it("has the container's names for typed options", () => {
    expect(
      serverEnvironment({
        defaultModelName: "penguins",
        modelServer: { shmDefaultByteSize: 65_536, modelLoadGpuLimit: 0.8, allowGrpc: true, inferenceType: "generate" },
        environment: { TOKEN: "x" },
      }),
    ).to.deep.equal({
      SAGEMAKER_TRITON_LOG_VERBOSE: "false",
      SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins",
      SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "65536",
      SAGEMAKER_TRITON_MODEL_LOAD_GPU_LIMIT: "0.8",
      SAGEMAKER_TRITON_ALLOW_GRPC: "true",
      SAGEMAKER_TRITON_INFERENCE_TYPE: "generate",
      TOKEN: "x",
    });
  });

  it("has the ping mode in two variables, because the start script exports the second only if it is already set", () => {
    expect(serverEnvironment({ modelServer: { overridePingMode: "live" }, environment: {} })).to.include({
      SAGEMAKER_TRITON_OVERRIDE_PING_MODE: "live",
      SAGEMAKER_TRITON_PING_MODE: "live",
    });
  });

  it("loads further models by arguments", () => {
    expect(serverEnvironment({ modelServer: { loadModels: ["a", "b"] }, environment: {} })).to.include({
      SAGEMAKER_TRITON_ADDITIONAL_ARGS: "--load-model=a --load-model=b",
    });
  });

  it("has a conflict if a typed option and environment disagree", () => {
    const environment = { SAGEMAKER_TRITON_THREAD_COUNT: "4" };
    expect(conflictingVariables({ modelServer: { threadCount: 8 }, environment })).to.deep.equal([
      "SAGEMAKER_TRITON_THREAD_COUNT",
    ]);
    expect(conflictingVariables({ modelServer: { threadCount: 4 }, environment })).to.deep.equal([]);
  });
});
