import { expect } from "chai";
import { MessageError } from "../../local/messageError.ts";
import { serveArguments } from "../../local/serveArguments.ts";

describe("the container's start script", () => {
  it("with an empty environment loads the only model, logs every request and only answers on SageMaker's endpoints", () => {
    expect(serveArguments({}, ["penguins"])).to.deep.equal({
      defaultModelName: "penguins",
      arguments: [
        "--allow-sagemaker=true",
        "--allow-http=false",
        "--model-control-mode=explicit",
        "--model-namespacing=true",
        "--allow-grpc=false",
        "--allow-metrics=false",
        "--log-verbose=true",
        "--backend-config=python,shm-default-byte-size=16777216",
        "--backend-config=python,shm-growth-byte-size=1048576",
        "--load-model=penguins",
      ],
    });
  });

  it("passes over variables that are empty", () => {
    const names = ["LOG_VERBOSE", "ALLOW_GRPC", "DISABLE_MODEL_NAMESPACING", "SHM_DEFAULT_BYTE_SIZE", "GRPC_PORT"];
    const empty = Object.fromEntries(names.map((name) => [`SAGEMAKER_TRITON_${name}`, ""]));
    expect(serveArguments(empty, ["penguins"])).to.deep.equal(serveArguments({}, ["penguins"]));
  });

  it("with many models loads none, and accepts no default model", () => {
    const serve = serveArguments(
      { SAGEMAKER_MULTI_MODEL: "true", SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
      [],
    );
    expect(serve).to.not.have.property("defaultModelName");
    expect(serve.arguments.filter((argument) => argument.startsWith("--load-model"))).to.deep.equal([]);
    expect(serve.arguments).to.include("--model-namespacing=true");
  });

  it("uses everything that the environment sets", () => {
    const serve = serveArguments(
      {
        SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "b",
        SAGEMAKER_TRITON_LOG_VERBOSE: "false",
        SAGEMAKER_TRITON_LOG_INFO: "false",
        SAGEMAKER_TRITON_LOG_WARNING: "false",
        SAGEMAKER_TRITON_LOG_ERROR: "true",
        SAGEMAKER_TRITON_THREAD_COUNT: "4",
        SAGEMAKER_TRITON_BUFFER_MANAGER_THREAD_COUNT: "2",
        SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "65536",
        SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: "131072",
        SAGEMAKER_TRITON_ALLOW_GRPC: "true",
        SAGEMAKER_TRITON_GRPC_PORT: "9001",
        SAGEMAKER_TRITON_ALLOW_METRICS: "true",
        SAGEMAKER_TRITON_METRICS_PORT: "9002",
        SAGEMAKER_TRITON_ADDITIONAL_ARGS: " --load-model=c  --exit-timeout-secs=5 ",
      },
      ["a", "b", "c"],
    );
    expect(serve.defaultModelName).to.equal("b");
    expect(serve.arguments).to.include.members([
      "--log-verbose=false",
      "--log-info=false",
      "--log-warning=false",
      "--log-error=true",
      "--sagemaker-thread-count=4",
      "--buffer-manager-thread-count=2",
      "--backend-config=python,shm-default-byte-size=65536",
      "--backend-config=python,shm-growth-byte-size=131072",
      "--allow-grpc=true",
      "--grpc-port=9001",
      "--allow-metrics=true",
      "--metrics-port=9002",
      "--load-model=b",
      "--load-model=c",
      "--exit-timeout-secs=5",
    ]);
  });

  for (const [folders, name, expected] of [
    [[], undefined, /has no model/],
    [["a", "b"], undefined, /several models \(a, b\)/],
    [["a", "b"], "c", /no folder "c".*a, b/],
  ] as const) {
    it(`exits with ${folders.length} models and ${name ?? "no name"}, as the script does`, () => {
      const environment: Record<string, string> = name ? { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: name } : {};
      expect(() => serveArguments(environment, folders)).to.throw(MessageError, expected);
    });
  }
});
