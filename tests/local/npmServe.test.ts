import { expect } from "chai";
import { foldersLeftBy, npmStart, processesLeftBy, serveAndTry, signalAt } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { pythonModel } from "../support/pythonModels.ts";

describe("npm run serve", () => {
  it("keeps serving until interrupted, and suggests a command that works as printed", async () => {
    const { code, output, answer } = await serveAndTry([]);
    expect(answer).to.include('"Gentoo"');
    expect(output).to.include("Serving until Ctrl-C");
    expect(code).to.equal(0);
  });

  it("cleans up once if Ctrl-C arrives twice, from the terminal and from npm", async () => {
    const args = ["--keep-serving", "--port", "0"];
    const ended = await npmStart(args, signalAt("Serving until Ctrl-C", "SIGINT", { twice: true }));
    expect(ended.code).to.equal(0);
    expect(await processesLeftBy(ended.pid)).to.deep.equal([]);
    expect(foldersLeftBy(ended.pid)).to.deep.equal([]);
  });

  it("keeps serving if a generated request is refused, and shows what the model prints and logs", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = [
        "import triton_python_backend_utils as u",
        "class TritonPythonModel:",
        "  def initialize(self, args): print('I am here')",
        "  def execute(self, requests):",
        "    u.Logger.log_info('no zeros')",
        "    raise ValueError('zero is no answer')",
      ];
      writeFiles(folder, pythonModel("proud", code.join("\n")));
      const args = ["--keep-serving", "--port", "0", "--model-repository", folder];
      const { code: ended, output } = await npmStart(args, signalAt("Serving until Ctrl-C", "SIGINT"));
      expect(output).to.include("[model] I am here\n").and.include("[model] model.py:5: no zeros");
      expect(output).to.match(/warning: Triton refuses the request .*zero is no answer/);
      expect(output).to.include("Add a request.json that the model accepts.").and.include("Serving until Ctrl-C");
      expect(ended).to.equal(0);
    });
  });

  it("shows where a model's process crashed, and with which signal", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = "import os\nclass TritonPythonModel:\n  def execute(self, requests): os.kill(os.getpid(), 11)\n";
      writeFiles(folder, pythonModel("mortal", code));
      const { code: ended, output } = await npmStart(["--port", "0", "--model-repository", folder]);
      expect(output).to.include("error: Triton refuses the request").and.include("Segmentation fault");
      expect(output).to.include('File "/opt/ml/model/mortal/1/model.py", line 3 in execute');
      expect(ended).to.equal(1);
    });
  });
});
