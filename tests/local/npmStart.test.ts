import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { pythonModel } from "../support/pythonModels.ts";

describe("npm start", () => {
  it("plans, serves, sends a request, prints the answer, exits with 0 and leaves nothing behind", async () => {
    const { code, output } = await npmStart(["--port", "0"]);
    expect(output).to.include("stack dev of sagemaker-triton");
    expect(output)
      .to.match(/species +"Adelie"\n +probabilities +0\.98/)
      .and.match(/species +"Gentoo"\n +probabilities +0\.0008.*0\.99/);
    expect(output).to.include("The answer matches penguins/response.json.");
    expect(code).to.equal(0);
  });

  it("sends zeros to a model without a request, and serves one whose name the stack doesn't know", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(
        folder,
        pythonModel(
          "double",
          [
            "import triton_python_backend_utils as u",
            "class TritonPythonModel:",
            "  def execute(self, requests):",
            "    return [u.InferenceResponse([u.Tensor('y', u.get_input_tensor_by_name(r, 'x').as_numpy() * 2 + 1)]) for r in requests]",
          ].join("\n"),
        ),
      );
      const { code, output } = await npmStart(["--port", "0", "--model-repository", folder]);
      expect(output).to.include("double answers the request (zeros, as there is no double/request.json)");
      expect(output).to.match(/│ y +│\n.*\n│ 1 +│/);
      expect(code).to.equal(0);
    });
  });

  it("serves a model that opens its files by their path on SageMaker", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = [
        "import triton_python_backend_utils as u",
        "class TritonPythonModel:",
        "  def initialize(self, args):",
        "    self.one = float(open('/opt/ml/model/plus/1/.one').read())",
        "    assert args['model_repository'] == '/opt/ml/model/plus', args['model_repository']",
        "  def execute(self, requests):",
        "    return [u.InferenceResponse([u.Tensor('y', u.get_input_tensor_by_name(r, 'x').as_numpy() + self.one)]) for r in requests]",
      ].join("\n");
      writeFiles(folder, { ...pythonModel("plus", code), "plus/1/.one": "1" });
      const { code: exit, output } = await npmStart(["--port", "0", "--model-repository", folder]);
      expect(output).to.match(/│ y +│\n.*\n│ 1 +│/);
      expect(exit).to.equal(0);
    });
  });

  it("serves an ONNX model without a configuration, which gives the expected answer", async () => {
    const { code, output } = await npmStart(["--port", "0", "--model-repository", "examples/onnx/models"]);
    expect(output).to.match(/label +4\n +probabilities [^]*0\.9871/);
    expect(output).to.include("The answer matches digits/response.json.");
    expect(code).to.equal(0);
  });

  it("prints Triton's own reason if a model doesn't load, and exits with 1", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(
        folder,
        pythonModel("broken", "import no_such_module\nclass TritonPythonModel:\n  def execute(self, r): pass\n"),
      );
      const { code, output } = await npmStart(["--port", "0", "--model-repository", folder]);
      expect(output).to.match(
        /error: Triton could not load the model:\n.*ModuleNotFoundError: No module named 'no_such_module'/,
      );
      expect(output).to.include("/opt/ml/model/broken/1/model.py").and.not.include("at async");
      expect(code).to.equal(1);
    });
  });

  it("names the port if it is taken, and what to do", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const { code, output } = await npmStart(["--port", String(port)]);
    taken.close();
    expect(output).to.include(`error: port ${port} of 127.0.0.1 can't be used`).and.include("--port");
    expect(code).to.equal(1);
  });

  it("refuses an option's invalid value in one line", async () => {
    const { code, output } = await npmStart(["--port", "many"]);
    expect(output.trim().split("\n")).to.have.length(1);
    expect(code).to.equal(1);
  });
});
