import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { exampleRequest, invoke } from "../../local/exampleRequest.ts";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { decodeRequest, decodeResponse, encodeRequest, plainValues } from "../../inference/index.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { foldersLeftBy, npmStart } from "../support/npmStart.ts";

const tensors = `
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }`;

function pythonModel(name: string, code: string): Record<string, string> {
  return { [`${name}/config.pbtxt`]: `backend: "python"${tensors}`, [`${name}/1/model.py`]: code };
}

const endless = pythonModel(
  "endless",
  "import time\nclass TritonPythonModel:\n  def initialize(self, a): time.sleep(60)\n  def execute(self, r): pass\n",
);

/** Processes of a Triton that serves below a folder. */
function tritonsServing(place: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(place);
    } catch {
      return false;
    }
  });
}

async function gone(place: string): Promise<string[]> {
  for (let tries = 0; tries < 100 && tritonsServing(place).length > 0; tries += 1) await sleep(50);
  return tritonsServing(place);
}

describe("the example, served by a real Triton", () => {
  let installation: TritonInstallation;
  let triton: RunningTriton;
  let directory: string;
  const root = path.join(tmpdir(), `sagemaker-triton-test-${process.pid}`);

  before(async function () {
    this.timeout(300_000);
    installation = await installTriton();
    directory = path.join(root, "model");
    cpSync("models", directory, { recursive: true });
    mkdirSync(path.join(directory, "penguins/1"), { recursive: true });
    const environment = { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins", SAGEMAKER_TRITON_LOG_VERBOSE: "false" };
    triton = await startTriton({
      installation,
      modelDirectory: directory,
      environment,
      port: 0,
      startupTimeoutInSeconds: 60,
    });
  });

  after(async () => {
    await triton.stop();
    const { rm } = await import("node:fs/promises");
    await rm(root, { recursive: true, force: true });
  });

  it("answers its own request as expected", async () => {
    const request = (await exampleRequest(directory, "penguins"))!;
    expect(answerDifferences(request.expected!, await invoke(triton.url, request))).to.deep.equal([]);
  });

  it("gives the same answer in SageMaker's binary form", async () => {
    const request = decodeRequest(readFileSync("models/penguins/request.json"), "application/json");
    const expected = decodeResponse(readFileSync("models/penguins/response.json"));
    const response = await invoke(triton.url, encodeRequest(request, "binary"));
    const species = response.outputs.find(({ name }) => name === "species")!;
    expect(plainValues(species.datatype, species.data)).to.deep.equal(["Adelie", "Chinstrap", "Gentoo"]);
    expect(answerDifferences(expected, response)).to.deep.equal([]);
  });

  it("refuses a request with Triton's own message", async () => {
    const refused = await invoke(triton.url, { body: Buffer.from("{}"), contentType: "application/json" }).then(
      () => "answered",
      (error: unknown) => (error as Error).message,
    );
    expect(refused).to.match(/^Triton refuses the request with \d{3}: ./);
  });

  it("can only be reached through 127.0.0.1", () => {
    if (!triton.isolation.isolated) expect(triton.isolation.reason).to.not.equal("");
    else {
      const listening = readFileSync("/proc/net/tcp", "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === "0A");
      const port = Number(new URL(triton.url).port).toString(16).toUpperCase().padStart(4, "0");
      expect(listening.map(([, local]) => local).filter((local) => local?.endsWith(`:${port}`))).to.deep.equal([
        `0100007F:${port}`,
      ]);
      expect(triton.url).to.match(/^http:\/\/127\.0\.0\.1:/);
    }
  });

  it("is installed once, and needs no network after that", async () => {
    const before = process.env.PATH;
    // A proxy that refuses: whatever wants to reach PyPI fails.
    process.env.HTTPS_PROXY = "http://127.0.0.1:9";
    try {
      expect(await installTriton()).to.deep.equal(installation);
    } finally {
      delete process.env.HTTPS_PROXY;
      process.env.PATH = before;
    }
  });
});

describe("npm start", () => {
  it("plans, serves, sends a request, prints the answer, exits with 0 and leaves nothing behind", async () => {
    const { code, output } = await npmStart(["--port", "0"]);
    expect(output).to.include("stack dev of sagemaker-triton");
    expect(output)
      .to.match(/species +Adelie\n +probabilities +0\.98/)
      .and.match(/species +Gentoo\n +probabilities +0\.0008.*0\.99/);
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

  it("ends silently if its output is closed, and leaves neither process nor folder", async () => {
    const child = spawn(process.execPath, ["commands/bin/sagemaker-triton.js", "start", "--port", "0"]);
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, errors }).to.deep.equal({ code: 0, errors: "" });
    expect(await gone(`sagemaker-triton-${child.pid ?? 0}-`)).to.deep.equal([]);
    expect(foldersLeftBy(child.pid ?? 0)).to.deep.equal([]);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends on ${signal} while a model is loading, and leaves neither process nor folder`, async () => {
      await inTemporaryFolder(async (folder) => {
        writeFiles(folder, endless);
        let place = "";
        const ended = await npmStart(["--port", "0", "--model-repository", folder], (output, pid) => {
          if (!output.includes("Serving ") || place !== "") return;
          place = `sagemaker-triton-${pid}-`;
          setTimeout(() => process.kill(pid, signal), 500);
        });
        expect(ended.code).to.equal(130);
        expect(await gone(place)).to.deep.equal([]);
        expect(foldersLeftBy(ended.pid)).to.deep.equal([]);
      });
    });
  }

  it("leaves no process when it is killed outright", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, endless);
      let place = "";
      await npmStart(["--port", "0", "--model-repository", folder], (output, pid) => {
        if (!output.includes("Serving ") || place !== "") return;
        place = `sagemaker-triton-${pid}-`;
        setTimeout(() => process.kill(pid, "SIGKILL"), 500);
      });
      expect(place).to.not.equal("");
      expect(await gone(place)).to.deep.equal([]);
    });
  });
});

describe("npm run serve", () => {
  it("keeps serving until interrupted, and suggests a command that works as printed", async () => {
    let answer: Promise<string> | undefined;
    const { code, output } = await npmStart(["--keep-serving", "--port", "0"], (text, pid) => {
      const [, command] = /Try it:\n {2}(curl .*)\n/.exec(text) ?? [];
      if (command === undefined || answer) return;
      answer = (async () => {
        const curl = spawn("sh", ["-c", `${command} --silent`], { stdio: ["ignore", "pipe", "ignore"] });
        let body = "";
        for await (const piece of curl.stdout) body += String(piece);
        process.kill(pid, "SIGINT");
        return body;
      })();
    });
    expect(await answer).to.include('"Gentoo"');
    expect(output).to.include("Serving until Ctrl-C");
    expect(code).to.equal(0);
  });

  it("cleans up once if Ctrl-C arrives twice, from the terminal and from npm", async () => {
    let place = "";
    const ended = await npmStart(["--keep-serving", "--port", "0"], (text, pid) => {
      if (!text.includes("Serving until Ctrl-C") || place !== "") return;
      place = `sagemaker-triton-${pid}-`;
      process.kill(pid, "SIGINT");
      setTimeout(() => process.kill(pid, "SIGINT"), 20);
    });
    expect(ended.code).to.equal(0);
    expect(await gone(place)).to.deep.equal([]);
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
      const { code: ended, output } = await npmStart(args, (text, pid) => {
        if (text.includes("Serving until Ctrl-C")) process.kill(pid, "SIGINT");
      });
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
