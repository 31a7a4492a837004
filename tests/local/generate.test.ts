import { mkdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { LoadResult } from "../../operations/load/generateLoad.ts";
import type { ReplayReport } from "../../operations/replay/replay.ts";
import { startTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";

const config = `backend: "python"
model_transaction_policy { decoupled: true }
input { name: "text_input" data_type: TYPE_STRING dims: 1 }
output { name: "text_output" data_type: TYPE_STRING dims: 1 }
`;

const code = `
import numpy as np
import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    for r in requests:
      sender = r.get_response_sender()
      for word in u.get_input_tensor_by_name(r, "text_input").as_numpy()[0].split():
        sender.send(u.InferenceResponse([u.Tensor("text_output", np.array([word], dtype=object))]))
      sender.send(flags=u.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
`;

describe("a decoupled model, served by a real Triton", () => {
  for (const [type, text, words] of [
    ["generate", "one", ["one"]],
    ["generate_stream", "one two", ["one", "two"]],
  ] as const) {
    it(`answers a request of the inference type ${type}`, async () => {
      await inTemporaryFolder(async (folder) => {
        const modelDirectory = path.join(folder, "opt/ml/model");
        mkdirSync(modelDirectory, { recursive: true });
        writeFiles(modelDirectory, { "talk/config.pbtxt": config, "talk/1/model.py": code });
        const environment = { SAGEMAKER_TRITON_INFERENCE_TYPE: type, SAGEMAKER_TRITON_LOG_VERBOSE: "false" };
        const installation = await installTriton();
        const triton = await startTriton({
          ...{ installation, modelDirectory, environment, port: 0, startupTimeoutInSeconds: 60 },
        });
        try {
          const body = JSON.stringify({ text_input: text });
          const response = await fetch(`${triton.url}/invocations`, { method: "POST", body });
          expect(response.status).to.equal(200);
          const found = [...(await response.text()).matchAll(/"text_output":"(.*?)"/g)].map(([, word]) => word);
          expect(found).to.deep.equal(words);
          expect((await fetch(`${triton.url}/ping`)).status).to.equal(200);
          expect((await fetch(`${triton.url}/v2/models/talk/config`)).status).to.equal(404);
        } finally {
          await triton.stop();
        }
      });
    });
  }
});

/** In the place of a model of vLLM's, which needs a GPU: its main inputs, and an answer in three pieces. */
const standIn = {
  "llm/config.pbtxt": `backend: "python"
model_transaction_policy { decoupled: true }
input { name: "text_input" data_type: TYPE_STRING dims: 1 }
input { name: "stream" data_type: TYPE_BOOL dims: 1 optional: true }
input { name: "sampling_parameters" data_type: TYPE_STRING dims: 1 optional: true }
output { name: "text_output" data_type: TYPE_STRING dims: -1 }
`,
  "llm/1/model.py": `
import time
import numpy as np
import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    for r in requests:
      sender = r.get_response_sender()
      text = u.get_input_tensor_by_name(r, "text_input").as_numpy()[0]
      for word in [text, b" and", b" goodbye"]:
        sender.send(u.InferenceResponse([u.Tensor("text_output", np.array([word], dtype=object))]))
        time.sleep(0.02)
      sender.send(flags=u.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
`,
};

describe("the commands, with a decoupled model like vLLM's on a real Triton", function () {
  this.timeout(240_000);

  let project: ProjectCopy;
  const at = (...names: string[]) => path.join(project.directory, ...names);

  before(async () => {
    project = copyProject();
    mkdirSync(at("../llms"));
    writeFiles(at("../llms"), standIn);
    const { code } = await project.run("npm run init -- ../llms --stack llms");
    expect(code).to.equal(0);
  });

  after(() => {
    project.remove();
  });

  it("say that requests of infer are refused, and what to set", async () => {
    const { code, stdout } = await project.run("npm start -- --model-repository ../llms --default-model llm --port 0");
    expect(code).to.equal(0);
    expect(stdout.replace(/\s+/g, " ")).to.include(
      "No request is sent: llm is decoupled, for which Triton refuses every request with the inferenceType infer: set inferenceType of modelServer to generate_stream.",
    );
  });

  it("write a stack that generates and a request, and try them", async () => {
    expect(readFileSync(at("Pulumi.llms.yaml"), "utf8")).to.match(/modelServer:\n +inferenceType: generate_stream\n/);
    const request: unknown = JSON.parse(readFileSync(at("../llms/llm/request.json"), "utf8"));
    expect(request).to.deep.equal({ text_input: "Hello", stream: true });
    const started = await project.run("npm start -- --stack llms --port 0");
    expect(started).to.include({ code: 0, stderr: "" });
    expect(textsIn(started.stdout)).to.deep.equal(["Hello", " and", " goodbye"]);
  });

  it("invoke, load and replay its streams", async () => {
    let asked: Promise<void> | undefined;
    const stack = [
      "--config-file",
      at("Pulumi.llms.yaml"),
      "--model-repository",
      at("../llms"),
      "--default-model",
      "llm",
    ];
    const { output } = await npmStart(
      [...stack, "--port", "0", "--capture", at("../traffic")],
      (text, pid) => {
        const [, url = ""] = /Try it:\n {2}curl -N .* (http:\S+)\/invocations\n/.exec(text) ?? [];
        if (url === "" || asked) return;
        asked = ask(url).finally(() => process.kill(pid, "SIGINT"));
      },
      {},
      "serve",
    );
    await asked;
    expect(output).to.include("The answer to the request (llm/request.json)");
    expect(asked, output).to.not.equal(undefined);
    const replayed = await project.run("npm run --silent replay -- ../traffic --stack llms --json");
    const same = JSON.parse(replayed.stdout) as ReplayReport;
    expect(same, same.messages.join()).to.deep.include({ changed: 0, failures: {}, skipped: 0 });
    expect(same.compared).to.be.greaterThan(2);
    writeFiles(at("../llms"), { "llm/1/model.py": standIn["llm/1/model.py"].replace("goodbye", "farewell") });
    const changed = await project.run("npm run replay -- ../traffic --stack llms --limit 2");
    expect(changed.code).to.equal(1);
    expect(changed.stdout).to.match(/changed +2\n +text_output: 2\n/);
  });

  async function ask(url: string): Promise<void> {
    const streamed = await project.run(`npm run --silent invoke -- --stream --url ${url}`);
    expect(streamed).to.include({ code: 0, stderr: "" });
    expect(textsIn(streamed.stdout)).to.deep.equal(["Hello", " and", " goodbye"]);
    const loaded = await project.run(
      `npm run --silent load -- --stream --url ${url} --concurrency 2 --duration 2 --warmup 0 --json`,
    );
    const { succeeded, failures, tokens } = JSON.parse(loaded.stdout) as LoadResult;
    expect(failures).to.deep.equal({});
    expect(tokens!.count).to.equal(3 * succeeded);
    // The model sleeps 20 ms after each.
    expect(tokens!.between!.p50).to.be.within(15, 200);
  }
});

function textsIn(printed: string): (string | undefined)[] {
  return [...printed.matchAll(/"text_output":"(.*?)"/g)].map(([, text]) => text);
}
