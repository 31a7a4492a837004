import { expect } from "chai";
import * as path from "node:path";
import { commandTable } from "../support/commandTable.ts";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";

describe("each command that a document or a message prints", () => {
  let project: ProjectCopy;

  before(() => {
    project = copyProject();
  });

  after(() => {
    project.remove();
  });

  for (const { text, line } of commandTable.filter(({ needs }) => needs === "triton")) {
    it(`works: ${text}`, async () => {
      const { code, stderr } = await project.run(onFreePort(line ?? ""));
      expect({ code, stderr: code === 0 ? "" : stderr }).to.deep.equal({ code: 0, stderr: "" });
    });
  }
});

describe("the next step that npm run serve prints", () => {
  /** Serves models, runs the line that is printed, and what else is asked of the server. */
  async function tried(
    files: Readonly<Record<string, string>>,
    others: (url: string) => readonly string[] = () => [],
  ): Promise<Tried> {
    const project = copyProject();
    let asked: Promise<Tried> | undefined;
    try {
      await inTemporaryFolder(async (folder) => {
        writeFiles(folder, files);
        const asScript = { npm_lifecycle_event: "start", npm_package_json: path.resolve("package.json") };
        const args = ["--keep-serving", "--port", "0", "--model-repository", folder];
        await npmStart(
          args,
          (output, pid) => {
            const [, line = "", url = ""] =
              /Try it:\n {2}(.*?(http:\S+?)(?:\/(?:ping|invocations))?)\n/.exec(output) ?? [];
            if (line === "" || asked) return;
            asked = (async () => {
              const answers: string[] = [];
              for (const each of [line, ...others(url)]) {
                const { code, stdout, stderr } = await project.run(each);
                answers.push(code === 0 ? stdout : `${each}: ${stderr}`);
              }
              process.kill(pid, "SIGINT");
              return { line: line.replace(url, "URL"), answers };
            })();
          },
          asScript,
        );
      });
      return (await asked) ?? { line: "", answers: [] };
    } finally {
      project.remove();
    }
  }

  it("works for 16-bit floats, which curl can't send: invoke asks the server for the model", async () => {
    const { line, answers } = await tried(echo("TYPE_FP16", "[ 2 ]"), (url) => [
      `npm run invoke -- --url ${url} --input x=1.5,-2`,
      `npm run load -- --url ${url} --rate 50 --duration 1 --warmup 0 --chart latency.html`,
    ]);
    expect(line).to.equal("npm run invoke -- --url URL");
    expect(answers[0]).to.include("│ 0, 0 │ 0, 0 │");
    expect(answers[1]).to.include("│ 1.5, -2 │ 1.5, -2 │");
    expect(answers[2]).to.include("errors      none");
  });

  it("works for an image, whose zeros are too many for a line", async () => {
    const { line, answers } = await tried(echo("TYPE_FP32", "[ -1, 3, 224, 224 ]"));
    expect(line).to.equal("npm run invoke -- --url URL");
    expect(answers[0]).to.include("(150528 values)");
  });

  it("works for small zeros, which curl sends", async () => {
    const { line, answers } = await tried(echo("TYPE_INT32", "[ 2 ]"));
    expect(line).to.match(/^curl -H .* --data-binary '\{"inputs":/);
    expect(answers[0]).to.include('"data":[0,0]');
  });

  it("works for a decoupled model, which /invocations refuses", async () => {
    const files = echo("TYPE_INT32", "[ 2 ]", "model_transaction_policy { decoupled: true }");
    const { line, answers } = await tried(files);
    expect(line).to.equal("curl -i URL/ping");
    expect(answers[0]).to.include("200 OK");
  });

  it("works for a model that calls another one, whose loadModels nobody has set", async () => {
    const { line, answers } = await tried({
      ...echo("TYPE_INT32", "[ 2 ]"),
      "front/config.pbtxt": config("TYPE_INT32", "[ 2 ]"),
      "front/1/model.py": [
        "import triton_python_backend_utils as u",
        "class TritonPythonModel:",
        "  def execute(self, requests):",
        "    return [self.one(r) for r in requests]",
        "  def one(self, r):",
        "    x = [u.get_input_tensor_by_name(r, 'x')]",
        "    a = u.InferenceRequest(model_name='echo', requested_output_names=['y'], inputs=x).exec()",
        "    if a.has_error(): raise u.TritonModelException(a.error().message())",
        "    return u.InferenceResponse([u.get_output_tensor_by_name(a, 'y')])",
        "",
      ].join("\n"),
    });
    expect(line).to.match(/^curl /);
    expect(answers[0]).to.include('"model_name":"front"').and.include('"data":[0,0]');
  });
});

function onFreePort(line: string): string {
  if (!line.includes("npm start")) return line;
  return `${line}${line.endsWith("npm start") ? " --" : ""} --port 0`;
}

interface Tried {
  /** The printed line, with the server's address left out. */
  readonly line: string;
  /** What was printed for the line and the others. */
  readonly answers: readonly string[];
}

const config = (type: string, dims: string, more = "") =>
  `backend: "python"\ninput { name: "x" data_type: ${type} dims: ${dims} }\noutput { name: "y" data_type: ${type} dims: ${dims} }\n${more}\n`;

const echo = (type: string, dims: string, more?: string): Readonly<Record<string, string>> => ({
  "echo/config.pbtxt": config(type, dims, more),
  "echo/1/model.py": [
    "import triton_python_backend_utils as u",
    "class TritonPythonModel:",
    "  def execute(self, requests):",
    "    x = [u.get_input_tensor_by_name(r, 'x').as_numpy() for r in requests]",
    "    return [u.InferenceResponse([u.Tensor('y', v)]) for v in x]",
    "",
  ].join("\n"),
});
