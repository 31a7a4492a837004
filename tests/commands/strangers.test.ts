import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCli, type CliRun } from "../support/cli.ts";
import { writePieces } from "../support/repository.ts";

const config =
  'backend: "python" input { name: "x" data_type: TYPE_FP32 dims: [ 1 ] } output { name: "y" data_type: TYPE_FP32 dims: [ 1 ] }';
const code = "class TritonPythonModel:\n  def execute(self, requests):\n    return []\n";
const model = (name: string) => ({ [`${name}/config.pbtxt`]: config, [`${name}/1/model.py`]: code });
const hostile = "m\u001b[31m\u0007\u202e\n";
const control = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

describe("a project from somebody else", () => {
  let project: string;
  beforeEach(() => {
    project = fs.mkdtempSync(path.join(os.tmpdir(), "strangers-"));
    fs.writeFileSync(at("Pulumi.yaml"), fs.readFileSync("Pulumi.yaml"));
    fs.writeFileSync(at("stack.js"), `export { default } from "${path.resolve("stack.js")}";\n`);
    writePieces({ ...model("m"), "request.json": "{}" }, at("models"));
    setStack("  modelRepository: models\n  defaultModelName: m\n");
  });
  afterEach(() => {
    fs.rmSync(project, { recursive: true });
  });
  const at = (...names: string[]) => path.join(project, ...names);
  const setStack = (lines: string) => {
    fs.writeFileSync(at("Pulumi.dev.yaml"), `config:\n  aws:region: us-east-1\n${lines}`);
  };
  const run = async (...args: string[]): Promise<CliRun & { readonly all: string }> => {
    const ended = await runCli(args, { XDG_CACHE_HOME: at("cache") }, project);
    const all = ended.stdout + ended.stderr;
    expect(all)
      .to.not.match(control)
      .and.not.match(/^ +at /m);
    return { ...ended, all };
  };

  it("can't move the cursor by a folder's name, whether a command or Pulumi prints it", async () => {
    writePieces(model(hostile), at("models"));
    const shown = "m\\u001b[31m\\u0007\\u202e\\u000a";
    for (const args of [["plan"], ["check", "--stack", "dev"], ["check", "models", "--default-model", "m"]]) {
      const { code: ended, all } = await run(...args);
      expect(all).to.include(shown);
      expect(ended, all).to.equal(0);
    }
    await run("check", "models", "--default-model", hostile);
    expect((await run("check", hostile)).all).to.include("\\u001b[31m");
    const { stdout } = await run("check", "models", "--json");
    expect((JSON.parse(stdout) as { models: string[] }).models).to.include(hostile);
  });

  it("can't move the cursor by a setting, a tag of YAML or a stack's name", async () => {
    setStack('  modelRepository: models\n  "a\\e[31m": "\\e[2J"\n  endpointName: "\\e[31m"\n');
    expect((await run("plan")).all).to.include("\\u001b[31m");
    setStack("  modelRepository: !e\u001b[31m models\n");
    expect((await run("plan")).stderr)
      .to.include("Pulumi.dev.yaml is not valid YAML:")
      .and.include("line 3: Unresolved tag: !e");
    await run("plan", "--stack", hostile);
    await run("plan", `--${hostile}`);
  });

  it("can't keep a command waiting with a named pipe, a device or the whole file system", async () => {
    execFileSync("mkfifo", [at("pipe"), at("pipe.json")]);
    const server = ["--url", "http://127.0.0.1:9"];
    const cases = [
      [["check", "pipe"], '"pipe" is a named pipe, and a file is needed: name a folder or an archive'],
      [["check", "/dev/zero"], '"/dev/zero" is a device, and a file is needed: name a folder or an archive'],
      [["check", "/"], "the model repository / is the root of the file system: name the folder with the models"],
      [["init", "/"], "the model repository / is the root of the file system: name the folder with the models"],
      [["plan", "--config-file", "pipe"], "pipe is a named pipe, and a file is needed"],
      [["invoke", ...server, "pipe.json"], "pipe.json can't be read: it is a named pipe, and a file is needed"],
      [["invoke", ...server, "request.json", "--save", "pipe.json"], '--save: "pipe.json" is a named pipe'],
      [
        ["invoke", ...server, "--input", "x:BYTES[1]=@/dev/zero"],
        "/dev/zero can't be read: it is a device, and a file is needed",
      ],
    ] as const;
    for (const [args, message] of cases) {
      const { code: ended, stderr } = await run(...args);
      expect(stderr, args.join(" ")).to.include(message);
      expect(ended).to.equal(1);
    }
    setStack("  modelRepository: /\n");
    expect((await run("plan")).stderr).to.include("the model repository / is the root of the file system");
  });

  it("can't fill the screen with problems, and a program gets all that are listed", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `field_${index}: 1`);
    fs.appendFileSync(at("models", "m", "config.pbtxt"), `\n${"x".repeat(300_000)}: 1\n${lines.join("\n")}\n`);
    const text = await run("check", "models");
    expect(text.stdout).to.include("\nand 951 more: --json prints all of them\n");
    expect(text.stdout).to.match(/\nmodels: 1001 errors\n$/);
    expect(text.stdout.length).to.be.lessThan(20_000);
    const plan = await run("plan");
    expect(plan.stderr).to.include("the model models has 1001 problems:\n").and.include("\n  and 951 more\n");
    expect(plan.all.length).to.be.lessThan(20_000);
    const { problems } = JSON.parse((await run("check", "models", "--json")).stdout) as {
      problems: { message: string }[];
    };
    expect(problems).to.have.length(1001);
    for (const { message } of problems) expect(message).to.have.length.below(400);
  });
});
