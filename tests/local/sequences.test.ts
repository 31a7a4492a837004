import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { runCli } from "../support/cli.ts";
import { writePieces } from "../support/repository.ts";

/** Adds up what a sequence sends, which Triton's sequence batcher tells apart by the correlation id. */
const code = `import numpy
import triton_python_backend_utils as pb_utils

class TritonPythonModel:
    def initialize(self, args):
        self.sums = {}

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        value = lambda name: pb_utils.get_input_tensor_by_name(request, name).as_numpy().flatten()[0]
        key = request.correlation_id()
        if value("START"):
            self.sums[key] = 0
        self.sums[key] += value("x")
        y = numpy.array([[self.sums[key]]], numpy.float32)
        return pb_utils.InferenceResponse([pb_utils.Tensor("y", y)])
`;

const config = `backend: "python"
max_batch_size: 1
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }
sequence_batching { max_sequence_idle_microseconds: 60000000 control_input { name: "START" control { kind: CONTROL_SEQUENCE_START fp32_false_true: [ 0, 1 ] } } }
`;

describe("invoke with a sequence", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sequences-test-"));
  let triton: RunningTriton;

  before(async function () {
    this.timeout(600_000);
    writePieces({ "sum/config.pbtxt": config, "sum/1/model.py": code }, folder);
    triton = await startTriton({
      ...{ installation: await installTriton(), modelDirectory: folder, port: 0, startupTimeoutInSeconds: 60 },
      environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "sum", SAGEMAKER_TRITON_LOG_VERBOSE: "false" },
    });
  });

  after(async () => {
    await triton.stop();
    rmSync(folder, { recursive: true });
  });

  const invoke = (...args: readonly string[]) =>
    runCli(["invoke", "--url", triton.url, "--model-repository", folder, "--json", ...args]);

  const sumOf = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await invoke(...args);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    return (JSON.parse(stdout) as { outputs: { data: number[] }[] }).outputs[0]?.data[0];
  };

  it("keeps two sequences of a real Triton apart, by number and by text", async () => {
    expect(await sumOf("--input", "x=1", "--sequence-id", "7", "--sequence-start")).to.equal(1);
    expect(await sumOf("--input", "x=10", "--sequence-id", "7", "--sequence-end")).to.equal(11);
    expect(await sumOf("--input", "x=5", "--sequence-id", "own", "--sequence-start")).to.equal(5);
    expect(await sumOf("--form", "binary", "--input", "x=6", "--sequence-id", "own", "--sequence-end")).to.equal(11);
    expect(await sumOf("--sequence-id", "8", "--sequence-start", "--sequence-end")).to.equal(0);
  });

  it("says which option is missing, or doesn't fit", async () => {
    for (const [args, message] of [
      [["--input", "x=1", "--sequence-start"], "--sequence-start needs --sequence-id"],
      [["--input", "x=1", "--sequence-id", "0"], "Use a number from 1"],
    ] as const) {
      const { code, stderr } = await invoke(...args);
      expect(code).to.equal(1);
      expect(stderr).to.include(message);
    }
  });
});
