import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCli, unprivilegedUser, type CliRun } from "../support/cli.ts";
import { writePieces } from "../support/repository.ts";

const config =
  'backend: "python" input { name: "x" data_type: TYPE_FP32 dims: [ 1 ] } output { name: "y" data_type: TYPE_FP32 dims: [ 1 ] }';
const code = "class TritonPythonModel:\n  def execute(self, requests):\n    return []\n";
const model = (name: string) => ({ [`${name}/config.pbtxt`]: config, [`${name}/1/model.py`]: code });

describe("what can't be read or written", () => {
  let project: string;
  let user: NonNullable<ReturnType<typeof unprivilegedUser>>;
  /** This user has no place of its own for compiled code. */
  let compiled: string | undefined;
  before(function () {
    const found = unprivilegedUser();
    if (!found) this.skip();
    user = found;
    compiled = fs.mkdtempSync(path.join(os.tmpdir(), "compiled-"));
    fs.chmodSync(compiled, 0o777);
  });
  after(() => {
    if (compiled !== undefined) fs.rmSync(compiled, { recursive: true });
  });
  beforeEach(() => {
    project = fs.mkdtempSync(path.join(os.tmpdir(), "unreadable-"));
    fs.chmodSync(project, 0o755);
    fs.writeFileSync(at("Pulumi.yaml"), fs.readFileSync("Pulumi.yaml"));
    fs.writeFileSync(at("stack.js"), `export { default } from "${path.resolve("stack.js")}";\n`);
    fs.writeFileSync(at("Pulumi.dev.yaml"), stack);
    writePieces(model("m"), at("models"));
    fs.writeFileSync(at("request.json"), '{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}');
    fs.mkdirSync(at("cache"), { mode: 0o777 });
    fs.chmodSync(at("cache"), 0o777);
  });
  afterEach(() => {
    for (const place of closed.splice(0)) fs.chmodSync(place, 0o755);
    fs.rmSync(project, { recursive: true });
  });

  const stack = "config:\n  aws:region: us-east-1\n  modelRepository: models\n";
  const closed: string[] = [];
  const at = (...names: string[]) => path.join(project, ...names);
  const close = (name: string, mode = 0o000) => {
    fs.chmodSync(at(name), mode);
    closed.push(at(name));
  };
  const folder = (name: string) => {
    fs.rmSync(at(name), { recursive: true, force: true });
    fs.mkdirSync(at(name));
  };
  const link = (name: string) => {
    fs.rmSync(at(name), { recursive: true, force: true });
    fs.symlinkSync("nowhere", at(name));
  };
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliRun> =>
    runCli(args, { XDG_CACHE_HOME: at("cache"), NODE_COMPILE_CACHE: compiled, ...env }, project, user);

  it("in a model repository is reported once each, with the reason, along with all other problems", async () => {
    const names = ["folder", "version", "config", "code", "weights", "request", "link", "wrong"];
    for (const name of names) writePieces({ ...model(name), [`${name}/request.json`]: "{}" }, at("models"));
    writePieces({ "weights/1/weights.bin": "x", "wrong/config.pbtxt": `${config} max_batchsize: 4` }, at("models"));
    for (const place of ["folder", "version/1", "config/config.pbtxt", "code/1/model.py", "weights/1/weights.bin"]) {
      close(`models/${place}`);
    }
    close("models/request/request.json");
    link("models/link/1/model.py");
    const { code: ended, stdout, stderr } = await run(["check", "models", "--default-model", "m", "--json"]);
    expect({ ended, stderr }).to.deep.equal({ ended: 1, stderr: "" });
    const { problems } = JSON.parse(stdout) as { problems: { path: string; code: string; message: string }[] };
    const reason = "This user may not read it (EACCES).";
    expect(
      problems.map(({ path: place, code: found, message }) => [place, found === "unreadable" ? message : found]),
    ).to.deep.equal([
      ["code/1/model.py", reason],
      ["config/config.pbtxt", reason],
      ["folder", reason],
      ["link/1/model.py", "link-broken"],
      ["request/request.json", reason],
      ["version/1", reason],
      ["weights/1/weights.bin", reason],
      ["wrong/config.pbtxt", "config-unknown-field"],
    ]);
  });

  const permission = "this user may not read it (EACCES): as its owner, make it readable with chmod -R u+rX";
  const aFolder = "it is a folder, and a file is needed (EISDIR)";
  const server = ["--url", "http://127.0.0.1:9"];
  const cases: readonly (readonly [string, () => void, readonly string[], string])[] = [
    [
      "a model repository that may not be listed",
      () => {
        close("models");
      },
      ["plan"],
      "models has one problem:\n  .: This user may not read it (EACCES).",
    ],
    [
      "a model repository in a folder that may not be entered",
      () => {
        close("models");
      },
      ["check", "models/m"],
      '"models/m" can\'t be read: this user may not read it (EACCES)',
    ],
    [
      "a model repository that is a link to nowhere",
      () => {
        link("models");
      },
      ["check", "models"],
      '"models" is a symbolic link to nowhere, which does not exist',
    ],
    [
      "an archive",
      () => {
        close("request.json");
      },
      ["check", "request.json"],
      `request.json: ${permission}`,
    ],
    [
      "a repository whose configuration is to be read for a request",
      () => {
        close("models/m/config.pbtxt");
      },
      ["invoke", ...server, "--model-repository", "models"],
      "m/config.pbtxt: This user may not read it (EACCES).",
    ],
    [
      "the project's file",
      () => {
        close("Pulumi.yaml");
      },
      ["plan"],
      `Pulumi.yaml: ${permission}`,
    ],
    [
      "a project's file that is empty",
      () => {
        fs.writeFileSync(at("Pulumi.yaml"), "");
      },
      ["plan"],
      "Pulumi.yaml: must be a Pulumi project, an object with name: and runtime:",
    ],
    [
      "a project's file that is no YAML",
      () => {
        fs.writeFileSync(at("Pulumi.yaml"), "name: [");
      },
      ["plan"],
      "Pulumi.yaml is not valid YAML",
    ],
    [
      "a stack's file",
      () => {
        close("Pulumi.dev.yaml");
      },
      ["start"],
      `Pulumi.dev.yaml: ${permission}`,
    ],
    [
      "a stack's file that is a folder",
      () => {
        folder("Pulumi.dev.yaml");
      },
      ["check", "--stack", "dev"],
      `Pulumi.dev.yaml: ${aFolder}`,
    ],
    [
      "a stack's file that is a link to nowhere",
      () => {
        link("Pulumi.dev.yaml");
      },
      ["plan"],
      "Pulumi.dev.yaml: it does not exist (ENOENT)",
    ],
    ["a --config-file that is a folder", () => undefined, ["plan", "--config-file", "models"], `models: ${aFolder}`],
    [
      "a request",
      () => {
        close("request.json");
      },
      ["invoke", ...server, "request.json"],
      "request.json can't be read: this user may not read it (EACCES)",
    ],
    ["a request that is a folder", () => undefined, ["load", ...server, "models"], `models can't be read: ${aFolder}`],
    [
      "an input's file",
      () => {
        close("request.json");
      },
      ["invoke", ...server, "--input", "x:BYTES[1]=@request.json"],
      "request.json can't be read: this user may not read it (EACCES)",
    ],
    [
      "captured traffic",
      () => {
        close("request.json");
      },
      ["replay", "request.json", ...server],
      `request.json: ${permission}`,
    ],
    [
      "a folder of captured traffic",
      () => {
        close("models");
      },
      ["replay", "models", ...server],
      `models: ${permission}`,
    ],
    [
      "a place for an answer",
      () => {
        close("models", 0o555);
      },
      ["invoke", ...server, "request.json", "--save", "models/x.json"],
      '--save: "models/x.json" can\'t be written: this user may not write to it (EACCES)',
    ],
    [
      "a file for an answer that is a folder",
      () => {
        folder("x.json");
      },
      ["invoke", ...server, "request.json", "--save", "x.json"],
      `--save: "x.json" can't be written: ${aFolder}`,
    ],
    [
      "a place for a chart below a file",
      () => undefined,
      ["load", ...server, "request.json", "--chart", "request.json/x.svg"],
      '--chart: "request.json/x.svg" can\'t be written: its folder is a file',
    ],
  ];
  for (const [title, prepare, args, message] of cases) {
    it(`is reported with its name and the reason: ${title}`, async () => {
      prepare();
      const { code: ended, stdout, stderr } = await run(args);
      expect(stderr)
        .to.include(message)
        .and.not.match(/^ +at /m);
      expect(stderr).to.match(/^error: /);
      expect({ ended, stdout }).to.deep.equal({ ended: 1, stdout: "" });
    });
  }

  for (const [title, prepare, reason] of [
    [
      "may not be written to",
      () => {
        fs.chmodSync(at("cache"), 0o555);
      },
      "this user may not write to it (EACCES)",
    ],
    [
      "is below a file",
      () => {
        fs.rmSync(at("cache"), { recursive: true });
        fs.writeFileSync(at("cache"), "");
      },
      "a file stands where a folder is needed (ENOTDIR)",
    ],
  ] as const) {
    it(`is reported with the variable that sets another folder: a cache that ${title}`, async () => {
      prepare();
      for (const command of ["plan", "start"]) {
        const { code: ended, stderr } = await run([command]);
        expect(stderr).to.match(/^error: the cache \S+ can't be used: /);
        expect(stderr).to.include(`: ${reason}: set XDG_CACHE_HOME to a writable folder\n`);
        expect({ ended, lines: stderr.split("\n").length }).to.deep.equal({ ended: 1, lines: 2 });
      }
    });
  }

  it("doesn't keep a read-only project from being checked and planned", async () => {
    for (const name of ["models/m/1", "models/m", "models", ""]) close(name, 0o555);
    expect(await run(["check", "models"])).to.deep.include({ code: 0, stderr: "" });
    expect(await run(["plan"])).to.deep.include({ code: 0, stderr: "" });
  });
});
