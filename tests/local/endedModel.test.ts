import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { pythonModel } from "../support/pythonModels.ts";

/** A model that does something on a request of 1, and answers others. */
const mortal = (deed: string) => `
import os, signal
import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    x = u.get_input_tensor_by_name(requests[0], "x").as_numpy()
    if x[0] == 1: ${deed}
    return [u.InferenceResponse([u.Tensor("y", x)]) for _ in requests]
`;

const body = (value: number) =>
  JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [value] }] });

type Step = readonly [RegExp, ((url: string) => unknown)?];

/** Serves a model; each step begins when the output matches it after the one before, and the last ends it. */
async function served(folder: string, steps: readonly Step[]) {
  let next = 0;
  return npmStart(["--keep-serving", "--port", "0", "--model-repository", folder], (output, pid) => {
    const [, url = ""] = /ready at (http:\S+):/.exec(output) ?? [];
    const [begin, step] = steps[next] ?? [/^never$/];
    if (!begin.test(output)) return;
    next += 1;
    if (next === steps.length) process.kill(pid, "SIGINT");
    else void step?.(url);
  });
}

const post = (url: string, value: number) => fetch(`${url}/invocations`, { method: "POST", body: body(value) });

describe("a model whose process ends while it is served", () => {
  for (const [deed, words] of [
    ["os._exit(3)", "The process of model mortal ended by itself with exit code 3"],
    ["os.kill(os.getpid(), 9)", "The process of model mortal was ended by SIGKILL: something killed it"],
    ["os.kill(os.getpid(), 11)", "The process of model mortal was ended by SIGSEGV. It had 0."],
  ] as const) {
    it(`is reported at once after ${deed}, with what SageMaker would do`, async () => {
      await inTemporaryFolder(async (folder) => {
        writeFiles(folder, pythonModel("mortal", mortal(deed)));
        const { code, output } = await served(folder, [
          [/Serving until Ctrl-C/, (url) => post(url, 1)],
          [/to load it again/],
        ]);
        expect(output).to.include(words).and.include("SageMaker sees a healthy container");
        expect(output.includes("line 7 in execute")).to.equal(deed.includes("11"));
        expect(code).to.equal(0);
      });
    });
  }

  it("is loaded again when its files change, and a change that doesn't load is told", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, pythonModel("mortal", mortal("os._exit(0)")));
      const change = (text: string) => {
        writeFileSync(path.join(folder, "mortal/1/model.py"), text);
      };
      let answered: Promise<Response> | undefined;
      const { code, output } = await served(folder, [
        [/Serving until Ctrl-C/, (url) => post(url, 1)],
        [
          /to load it again/,
          () => {
            change("class TritonPythonModel: oops oops");
          },
        ],
        [
          /Change a file to try again/,
          () => {
            change(mortal("pass"));
          },
        ],
        [/(Serving until Ctrl-C[^]*){2}/, (url) => (answered = post(url, 1))],
        [/POST \/invocations 200 in \d+ ms, \d+ B in, \d+ B out/],
      ]);
      expect((await answered)?.status).to.equal(200);
      expect(output)
        .to.include("ended by itself with exit code 0")
        .and.include("error: Triton could not load the model");
      expect(code).to.equal(0);
    });
  });

  it("is not confused with one that Triton ends", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, pythonModel("mortal", mortal("pass")));
      const { code, output } = await served(folder, [[/Serving until Ctrl-C/]]);
      expect(output).not.to.include("The process of model");
      expect(code).to.equal(0);
    });
  });
});
