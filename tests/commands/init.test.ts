import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { runCli, type CliRun } from "../support/cli.ts";
import { writePieces, type Pieces } from "../support/repository.ts";

const echo = `backend: "python"
input [ { name: "x" data_type: TYPE_INT32 dims: [ -1, 2 ] }, { name: "s" data_type: TYPE_STRING dims: [ 1 ] } ]
output [ { name: "y" data_type: TYPE_INT32 dims: [ -1, 2 ] } ]`;
const code = "class TritonPythonModel:\n  def execute(self, requests):\n    return []\n";

describe("init", () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(path.join(os.tmpdir(), "init-"));
    writeFileSync(path.join(project, "Pulumi.yaml"), "name: birds\nruntime: nodejs\n");
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  const at = (...names: string[]) => path.join(project, ...names);
  const init = (...args: string[]): Promise<CliRun> => runCli(["init", ...args], {}, project);
  const read = (...names: string[]) => readFileSync(at(...names), "utf8");
  const digits = (folder: string) => {
    cpSync("examples/onnx/models/digits/1", at(folder, "digits/1"), { recursive: true });
  };
  const repository = (folder: string, pieces: Pieces) => {
    mkdirSync(at(folder));
    writePieces(pieces, at(folder));
  };
  /** Every file in the project with its content. */
  const everything = () =>
    Object.fromEntries(
      readdirSync(project, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [path.join(parentPath, name), readFileSync(path.join(parentPath, name), "hex")]),
    );

  it("writes a stack that loads the models which Python code calls, and asks the one that calls", async () => {
    const calling = code.replace("return []", 'return [InferenceRequest(model_name="back")]');
    repository("models", {
      ...{ "front/config.pbtxt": echo, "front/1/model.py": calling },
      ...{ "back/config.pbtxt": echo, "back/1/model.py": code },
    });
    expect((await init("models")).code).to.equal(0);
    expect((parse(read("Pulumi.models.yaml")) as { config: object }).config).to.deep.include({
      "birds:defaultModelName": "front",
      "birds:modelServer": { loadModels: ["back"] },
    });
  });

  it("names its own option if it isn't clear which model is asked", async () => {
    const pieces = { "a/config.pbtxt": echo, "a/1/model.py": code, "b/config.pbtxt": echo, "b/1/model.py": code };
    repository("models", pieces);
    expect((await init("models")).stderr).to.include("for a command as --default-model");
  });

  it("writes a configuration, a request and a stack for an ONNX model, all of which pass the check", async () => {
    digits("models");
    const { code: ended, stdout } = await init("models");
    expect(ended).to.equal(0);
    expect(stdout.split("\n")).to.deep.equal([
      "Written:",
      "  models/digits/config.pbtxt  tensors as model.onnx has them",
      "  models/digits/request.json  zeros: replace them with your own values",
      "  Pulumi.models.yaml          the stack models",
      "Next: npx sagemaker-triton start --stack models",
      "",
    ]);
    expect(read("models/digits/config.pbtxt")).to.match(/^name: "digits"\nplatform: "onnxruntime_onnx"\n/);
    const { inputs } = JSON.parse(read("models/digits/request.json")) as { inputs: unknown[] };
    expect(inputs).to.deep.equal([
      { name: "pixels", datatype: "FP32", shape: [1, 64], data: new Array<number>(64).fill(0) },
    ]);
    expect(parse(read("Pulumi.models.yaml"))).to.deep.equal({
      config: {
        "aws:region": "us-east-1",
        "birds:modelRepository": "models",
        "birds:defaultModelName": "digits",
        "birds:instanceType": "ml.m5.large",
      },
    });
    const checked = await runCli(["check", "models"], {}, project);
    expect(checked.stdout).to.equal("models: 1 model, no problems\n");
  });

  it("doesn't change existing files, and finds nothing missing the second time", async () => {
    digits("models");
    writeFileSync(at("models/digits/request.json"), "{}");
    await init("models", "--stack", "dev");
    expect(read("models/digits/request.json")).to.equal("{}");
    const before = everything();
    const { code: ended, stdout } = await init("models", "--stack", "dev");
    expect(ended).to.equal(0);
    expect(stdout).to.match(/^Nothing is missing\.\nUnchanged:\n {2}models\/digits\/config\.pbtxt\n/);
    expect(everything()).to.deep.equal(before);
  });

  it("generates a request from an existing configuration", async () => {
    repository("models", { "echo/config.pbtxt": echo, "echo/1/model.py": code });
    expect((await init("models")).code).to.equal(0);
    expect(read("models/echo/request.json")).to.equal(`{
  "inputs": [
    {"name":"x","datatype":"INT32","shape":[1,2],"data":[0,0]},
    {"name":"s","datatype":"BYTES","shape":[1],"data":[""]}
  ]
}
`);
  });

  it("writes a stack that generates for a decoupled model, as its backend completes it, and a request of that type", async () => {
    repository("models", { "llm/config.pbtxt": 'backend: "vllm"', "llm/1/model.json": "{}" });
    const { code: ended, stderr } = await init("models");
    expect({ ended, stderr }).to.deep.equal({ ended: 0, stderr: "" });
    expect(JSON.parse(read("models/llm/request.json"))).to.deep.equal({ text_input: "Hello", stream: true });
    expect((parse(read("Pulumi.models.yaml")) as { config: object }).config).to.deep.include({
      "birds:modelServer": { inferenceType: "generate_stream" },
    });
  });

  it("says that a decoupled model takes no inputs of several dimensions", async () => {
    const policy = "model_transaction_policy { decoupled: true }";
    repository("models", {
      "echo/config.pbtxt": `${echo.replace("[ -1, 2 ]", "[ 3, 2 ]")} ${policy}`,
      "echo/1/model.py": code,
    });
    const { stdout } = await init("models");
    expect(stdout.replace(/\s+/g, " ")).to.include("an input has several dimensions, which a request of inferenceType");
  });

  it("leaves to the user what only the user knows", async () => {
    const half = echo.replace("TYPE_INT32", "TYPE_FP16");
    repository("models", { "echo/config.pbtxt": half, "echo/1/model.py": code });
    const { code: ended, stdout } = await init("models");
    expect(ended).to.equal(0);
    expect(stdout).to.match(/Left to you:\n {2}echo\/request\.json: tensor "x" of FP16 can't be sent as JSON/);
  });

  it("prints one JSON document for programs", async () => {
    digits("models");
    const { stdout } = await init("models", "--json");
    expect(JSON.parse(stdout)).to.deep.include({ stack: "models", kept: [], open: [] });
  });

  it("only names the schema of a stack's file if it exists", async () => {
    digits("models");
    mkdirSync(at("docs/stack.schema.json"), { recursive: true });
    await init("models", "--stack", "without");
    rmSync(at("docs/stack.schema.json"), { recursive: true });
    writeFileSync(at("docs/stack.schema.json"), "{}");
    await init("models", "--stack", "with");
    expect(read("Pulumi.without.yaml")).to.match(/^config:/);
    expect(read("Pulumi.with.yaml")).to.match(
      /^# yaml-language-server: \$schema=\.\/docs\/stack\.schema\.json\nconfig:/,
    );
  });

  it("writes a configuration to fill in, with the names from the code, if only the user knows the tensors", async () => {
    const asks = `${code}    a = pb_utils.get_input_tensor_by_name(requests[0], "text")\n    b = pb_utils.Tensor("length", a)\n`;
    repository("models", { "echo/1/model.py": asks });
    const { code: ended, stdout } = await init("models");
    expect(ended).to.equal(0);
    expect(stdout).to.equal(`Written:
  Pulumi.models.yaml  the stack models
Left to you:
  echo/config.pbtxt: model.py does not say what the inputs and outputs are. Write the file with their names, types and shapes, for example:
    backend: "python"
    max_batch_size: 0
    input { name: "text" data_type: TYPE_FP32 dims: [ 1 ] }
    output { name: "length" data_type: TYPE_FP32 dims: [ 1 ] }
Next: write what is left to you, and then npx sagemaker-triton init models --stack models
`);
    const template = stdout.split("\n").filter((line) => line.startsWith("    "));
    writeFileSync(at("models/echo/config.pbtxt"), template.join("\n"));
    const again = await init("models");
    expect(again.stdout).to.include("  models/echo/request.json  zeros").and.not.include("Left to you");
    expect((await runCli(["check", "models"], {}, project)).stdout).to.equal("models: 1 model, no problems\n");
  });

  it("needs no configuration for a Python model that completes its own", async () => {
    repository("models", { "echo/1/model.py": `${code}  def auto_complete_config(config):\n    return config\n` });
    const { stdout } = await init("models");
    expect(stdout).to.match(/Left to you:\n {2}echo\/request\.json: only the running model tells its inputs/);
    expect(stdout).to.not.include("config.pbtxt");
  });

  const layouts: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
    ["a model's file alone", ["digits.onnx"], "digits.onnx", ["models/digits/1/model.onnx"]],
    ["a folder with a model's file right in it", ["nets/best net.pt"], "nets", ["nets/best_net/1/model.pt"]],
    [
      "a SavedModel",
      ["half/saved_model.pb", "half/variables/v"],
      "half",
      ["half/half/1/model.savedmodel/saved_model.pb", "half/half/1/model.savedmodel/variables/v"],
    ],
    [
      "a folder that is a model itself",
      ["m/config.pbtxt", "m/2/model.py"],
      "m",
      ["m/m/2/model.py", "m/m/config.pbtxt"],
    ],
    ["a model without a version's folder", ["all/m/model.onnx"], "all", ["all/m/1/model.onnx"]],
    ["a SavedModel as a version", ["all/m/3/saved_model.pb"], "all", ["all/m/3/model.savedmodel/saved_model.pb"]],
    ["a model's file of another name", ["all/m/1/best.plan"], "all", ["all/m/1/model.plan"]],
  ];
  for (const [title, before, given, after] of layouts) {
    it(`gives the commands that make a repository from ${title}`, async () => {
      writePieces(Object.fromEntries(before.map((file) => [file, "x"])), project);
      const { code: ended, stderr } = await init(given);
      expect(ended).to.equal(1);
      const [message = "", ...commands] = stderr.trimEnd().split("\n");
      expect(message).to.match(/^error: .*:$/);
      const moves = commands.filter((line) => line.startsWith("  mkdir"));
      expect(commands).to.deep.equal([
        ...moves,
        `  npx sagemaker-triton init ${given.includes(".") ? "models" : given}`,
      ]);
      for (const command of moves) execFileSync("sh", ["-c", command], { cwd: project });
      const files = Object.keys(everything()).map((file) => path.relative(project, file));
      expect(files.filter((file) => file !== "Pulumi.yaml").sort()).to.deep.equal(after);
    });
  }

  const refusals: readonly (readonly [string, () => void, readonly string[], RegExp])[] = [
    [
      "the repository has an error",
      () => {
        repository("models", { "echo/config.pbtxt": `${echo}\nmax_batchsize: 4`, "echo/1/model.py": code });
      },
      [],
      /max_batch_size[^]*error: nothing was written: fix the errors above first\n$/,
    ],
    [
      "the folder is empty",
      () => {
        mkdirSync(at("models"));
      },
      [],
      /^error: nothing was written: "models" is empty, but a model repository has a folder for each model/,
    ],
    [
      "several models could answer",
      () => {
        const pieces = Object.fromEntries(
          ["a", "b"].flatMap((model) => [
            [`${model}/config.pbtxt`, echo],
            [`${model}/1/model.py`, code],
          ]),
        );
        repository("models", pieces);
      },
      [],
      /error: nothing was written/,
    ],
    [
      "the stack serves other models",
      () => {
        digits("models");
        writeFileSync(at("Pulumi.models.yaml"), "config:\n  birds:modelRepository: others\n");
      },
      [],
      /^error: nothing was written: Pulumi\.models\.yaml already exists and serves other models: use another --stack\n$/,
    ],
    [
      "one of the files can't be written",
      () => {
        digits("models");
        mkdirSync(at("models/digits/request.json"));
      },
      [],
      /^error: nothing was written: .*models\/digits\/request\.json/,
    ],
    [
      "the stack's name is none",
      () => {
        digits("models");
      },
      ["--stack", "a/b"],
      /^error: --stack: "a\/b" is not allowed/,
    ],
  ];
  for (const [title, prepare, args, message] of refusals) {
    it(`writes nothing and exits with 1 if ${title}`, async () => {
      prepare();
      const before = everything();
      const { code: ended, stderr } = await init("models", ...args);
      expect(stderr).to.match(message).and.not.include("    at ");
      expect(ended).to.equal(1);
      expect(everything()).to.deep.equal(before);
    });
  }
});
