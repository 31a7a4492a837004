import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { renderCheckReport, type CheckReport } from "../../commands/checkReport.ts";
import { runCli } from "../support/cli.ts";
import { writePieces } from "../support/repository.ts";

const report: CheckReport = {
  source: "models",
  models: ["a"],
  leftOut: [],
  errors: 1,
  warnings: 1,
  problems: [
    {
      code: "config-syntax",
      severity: "error",
      path: "a/config.pbtxt",
      line: 3,
      message: "It is wrong.",
      remedy: "Mend it.",
    },
    {
      code: "config-file-name",
      severity: "warning",
      path: "a/config.pbtxt",
      message: "\u001b[31mOdd\nthing.",
      remedy: "Look.",
    },
  ],
};

describe("the check's report", () => {
  it("groups the problems by file and counts them in the last line", () => {
    expect(renderCheckReport(report, false).split("\n")).to.deep.equal([
      "a/config.pbtxt",
      "  error    line 3: It is wrong. [config-syntax]",
      "           Mend it.",
      "  warning  \\u001b[31mOdd\\u000athing. [config-file-name]",
      "           Look.",
      "",
      "models: 1 error, 1 warning",
    ]);
  });

  it("says in one line that there are no problems", () => {
    const sound = { source: "models", models: ["a", "b"], leftOut: [], errors: 0, warnings: 0, problems: [] };
    expect(renderCheckReport(sound, false)).to.equal("models: 2 models, no problems");
  });

  it("lists files left out, and the target of the check, before the last line", () => {
    const text = renderCheckReport({ ...report, leftOut: [".git", "a/.DS_Store"], checkedFor: "26.05-py3" }, false);
    expect(text.split("\n").slice(-3)).to.deep.equal([
      "left out because they aren't part of a model: .git, a/.DS_Store",
      "checked for 26.05-py3",
      "models: 1 error, 1 warning",
    ]);
  });

  it("names the source for problems of the repository as a whole", () => {
    const [problem] = report.problems;
    const whole = { ...report, problems: [{ ...problem!, path: "." }] };
    expect(renderCheckReport(whole, false)).to.match(/^models\n/);
  });

  it("has colours on a terminal", () => {
    expect(renderCheckReport(report, true)).to.include("\u001b[31merror");
  });
});

describe("npm run check", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "check-"));
    writePieces(
      {
        "good/m/config.pbtxt": 'backend: "identity"\ninstance_group { kind: KIND_GPU }\n',
        "good/m/1/": "",
        "second/m/config.pbtxt": 'backend: "identity"\ninstance_group { kind: KIND_GPU gpus: [ 1 ] }\n',
        "second/m/1/": "",
        "bad/m/config.pbtxt": 'backend: "identity"\nmax_batchsize: 4\n',
        "bad/m/1/": "",
      },
      directory,
    );
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("exits with 0 if there are no problems", async () => {
    const { code, stdout } = await check("good");
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "good: 1 model, no problems\n" });
  });

  it("exits with 1 if there are errors, and can print one JSON document", async () => {
    const { code, stdout } = await check("bad", "--json");
    expect(code).to.equal(1);
    const { problems, ...others } = JSON.parse(stdout) as CheckReport;
    expect(others).to.deep.equal({ source: "bad", models: ["m"], leftOut: [], errors: 1, warnings: 0 });
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]).to.include({ code: "config-unknown-field", path: "m/config.pbtxt", line: 2 });
  });

  it("prints the configuration that Triton ends up with, separately from problems, and as part of the JSON document", async () => {
    const { code, stdout, stderr } = await check("good", "--show-config", "--instance-type", "ml.g5.xlarge");
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^# m\/config.pbtxt\n# Triton adds .*\nname: "m"\n/)
      .and.to.include('instance_group {\n  name: "m_0"\n  count: 1\n  gpus: 0\n  kind: KIND_GPU\n}');
    expect(stderr).to.match(/no problems/);
    const { configs } = JSON.parse((await check("good", "--show-config", "--json")).stdout) as CheckReport;
    expect(configs?.m).to.include('\nname: "m"\n');
  });

  it("knows which instance types have a GPU", async () => {
    const types = ["ml.m5.large", "ml.g5.xlarge"];
    const ends = await Promise.all(types.map((type) => check("good", "--instance-type", type)));
    expect(ends.map(({ code }) => code)).to.deep.equal([1, 0]);
  });

  it("knows how many GPUs an instance type has", async () => {
    const [one, four, any] = await Promise.all([
      check("second", "--instance-type", "ml.g5.xlarge"),
      check("second", "--instance-type", "ml.g5.12xlarge"),
      check("second"),
    ]);
    expect([one.code, four.code, any.code]).to.deep.equal([1, 0, 0]);
    expect(one.stdout).to.include("names the GPU 1, but the instance has only the GPU 0. [instance-group-gpu-missing]");
  });

  it("reports only the damage for a damaged archive, not files that may merely be unreadable", async () => {
    writeFileSync(path.join(directory, "damaged.tar.gz"), gzipSync("text").subarray(0, 15));
    const { code, stdout } = await check("damaged.tar.gz", "--json");
    expect(code).to.equal(1);
    expect((JSON.parse(stdout) as CheckReport).problems.map((problem) => problem.code)).to.deep.equal([
      "archive-truncated",
    ]);
  });

  it("refuses an instance type that Triton's image doesn't run on, in one line", async () => {
    const { code, stderr } = await check("good", "--instance-type", "ml.m7g.large");
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: --instance-type: "ml.m7g.large" must be .* Graviton is arm64 .*\n$/);
  });

  it("uses the model that runs the others as the default, and says so", async () => {
    const { code, stdout } = await check(path.resolve("models"));
    expect(code).to.equal(0);
    expect(stdout)
      .to.include('"penguins", which runs the others, is assumed')
      .and.to.match(/: 1 warning\n$/);
  });

  it("says what it checked for", async () => {
    const { stdout } = await check(
      ...["good", "--image-tag", "26.05-py3", "--instance-type", "ml.g5.xlarge", "--region", "us-east-1"],
    );
    expect(stdout).to.equal("checked for 26.05-py3 on ml.g5.xlarge in us-east-1\ngood: 1 model, no problems\n");
  });

  it("refuses a release that AWS doesn't publish in the region, in one line", async () => {
    const { code, stderr } = await check("good", "--image-tag", "26.05-py3", "--region", "cn-north-1");
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: --image-tag: "26\.05-py3" is not published by AWS in cn-north-1 .*\n$/);
  });

  it("refuses an availability zone in place of a region, in one line", async () => {
    const { code, stderr } = await check("good", "--region", "us-east-1a");
    expect(code).to.equal(1);
    expect(stderr).to.equal('error: --region: "us-east-1a" is an availability zone, not a region: use us-east-1\n');
  });

  it("reads the target of the check from a stack", async () => {
    const { code, stdout } = await run(path.resolve("."), "--stack", "prod");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^checked for 26\.05-py3 on ml\.r5\.xlarge in us-east-1\n.*no problems\n$/);
  });

  it("accepts the default model", async () => {
    const { stdout } = await check("good", "--default-model", "n");
    expect(stdout).to.include("[default-model-unknown]");
  });

  it("says in one line what is missing", async () => {
    const { code, stderr } = await check("none");
    expect(code).to.equal(1);
    expect(stderr).to.equal(`error: "none" doesn't exist: name a folder or an archive\n`);
  });

  const check = (...args: string[]) => run(directory, ...args);

  const run = (cwd: string, ...args: string[]) => runCli(["check", ...args], {}, cwd);
});
