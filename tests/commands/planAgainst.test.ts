import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";

describe("plan --against", () => {
  let copy: ProjectCopy;
  const at = (...names: string[]) => path.join(copy.directory, ...names);
  const cache = () => path.join(path.dirname(copy.directory), "cache");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", copy.directory, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      encoding: "utf8",
    });
  const plan = (options: string) =>
    copy.run(`node commands/bin/sagemaker-triton.js plan ${options}`, { XDG_CACHE_HOME: cache() });
  const edit = (file: string, change: (text: string) => string) => {
    writeFileSync(at(file), change(readFileSync(at(file), "utf8")));
  };
  const commit = (message: string) => {
    git("add", "-A");
    git("commit", "-qm", message);
  };

  before(() => {
    copy = copyProject();
    cpSync("package-lock.json", at("package-lock.json"));
    git("init", "-q", "-b", "main");
    writeFileSync(at(".gitignore"), "node_modules\n");
    const withPlan = readFileSync(at("package.json"), "utf8");
    edit("package.json", (text) => text.replace(/^ *"plan":.*\n/m, ""));
    commit("before the program could plan");
    git("tag", "early");
    writeFileSync(at("package.json"), withPlan);
    commit("first");
    git("tag", "first");
  });
  after(() => {
    copy.remove();
  });
  afterEach(() => {
    expect(git("worktree", "list").trim().split("\n")).to.have.length(1);
    expect(
      existsSync(path.join(cache(), "sagemaker-triton/trees"))
        ? readdirSync(path.join(cache(), "sagemaker-triton/trees"))
        : [],
    ).to.deep.equal([]);
    git("checkout", "-q", "--", ".");
  });

  it("a commit counts what isn't committed yet, and leaves the working tree as it is", async () => {
    edit("Pulumi.dev.yaml", (text) => text.replace("ml.m5.large", "ml.m5.xlarge"));
    const status = git("status", "--porcelain");
    const { code, stdout, stderr } = await plan("--against first --exit-code");
    expect(stderr).to.equal("");
    expect(stdout).to.match(
      /^stack dev of sagemaker-triton, against first\n\nA new release: the configuration is created anew/,
    );
    expect(stdout).to.contain('productionVariants[0].instanceType: "ml.m5.large" → "ml.m5.xlarge"');
    expect(code).to.equal(2);
    expect(git("status", "--porcelain")).to.equal(status);
  });

  it("a commit that deploys the same says so in a line, and --exit-code is 0", async () => {
    const { code, stdout } = await plan("--against HEAD --exit-code --markdown");
    expect(stdout).to.contain("Nothing that is deployed changes.");
    expect(code).to.equal(0);
  });

  it("a commit says what the program refuses", async () => {
    edit("Pulumi.dev.yaml", (text) => `${text}  sagemaker-triton:endpointName: another\n`);
    const { code, stdout } = await plan("--against first --json --exit-code");
    const { meaning } = JSON.parse(stdout) as { meaning: string[] };
    expect(meaning[0]).to.match(/^Refused: endpointName another: can't be changed, because the endpoint/);
    expect(code).to.equal(2);
  });

  it("a commit says once what is wrong with the stack itself", async () => {
    edit("Pulumi.dev.yaml", (text) => text.replace("ml.m5.large", "ml.none.large"));
    const { code, stdout, stderr } = await plan("--against first");
    expect(stderr.match(/instanceType/g)).to.have.length(1);
    expect([code, stdout]).to.deep.equal([1, ""]);
  });

  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    "a ref that doesn't exist": [
      "--against no-such-ref",
      /^error: no-such-ref: isn't a commit, branch or tag of the git repository /,
    ],
    "a ref that looks like an option": ["--against=--upload-pack=x", /^error: --upload-pack=x: isn't a commit/],
    "a ref before the program could plan": [
      "--against early",
      /^error: early: has no command plan yet in its package\.json/,
    ],
    "a stack that doesn't exist": [
      "--against-stack staging",
      /^error: there is no stack "staging": use one of dev, prod/,
    ],
    "a file that doesn't exist": ["--against-file gone.json", /^error: .*gone\.json/],
    "a file that isn't JSON": [
      "--against-file index.ts",
      /^error: .*index\.ts: isn't a plan: save one with npm run --silent plan .*: it isn't JSON/,
    ],
    "a file that is no plan": [
      "--against-file package.json",
      /^error: .*package\.json: isn't a plan: .*: it\.project must be the project's name/,
    ],
    "two comparisons": ["--against first --against-stack prod", /cannot be used with option/],
    "Markdown of no difference": ["--markdown", /^error: --markdown: is about a difference: add --against/],
  };
  for (const [what, [options, message]] of Object.entries(refused)) {
    it(`refuses ${what} in one message`, async () => {
      const { code, stdout, stderr } = await plan(options);
      expect(stderr)
        .to.match(message)
        .and.not.match(/^ +at /m);
      expect([code, stdout]).to.deep.equal([1, ""]);
    });
  }

  it("refuses a project that isn't in a git repository", async () => {
    const { code, stderr } = await copy.run("node commands/bin/sagemaker-triton.js plan --against main", {
      XDG_CACHE_HOME: cache(),
      GIT_DIR: path.join(copy.directory, "nowhere"),
    });
    expect(stderr).to.match(/^error: .*: isn't in a git repository, which --against needs: /);
    expect(code).to.equal(1);
  });

  it("a commit with another lock file says that packages are installed, and why they can't be", async () => {
    edit("package-lock.json", (text) => `${text}\n`);
    const { code, stderr } = await copy.run("node commands/bin/sagemaker-triton.js plan --against first", {
      XDG_CACHE_HOME: cache(),
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_cache: path.join(cache(), "npm"),
      npm_config_fetch_retries: "0",
    });
    expect(stderr).to.match(/^first: has another package-lock\.json, so its own packages are installed/);
    expect(stderr).to.match(
      /\nerror: first: its package-lock\.json is another one, and its packages can't be installed: \S/,
    );
    expect(code).to.equal(1);
  });

  it("a saved plan is the same as the commit that it was saved at", async () => {
    const { stdout } = await plan("--json");
    writeFileSync(at("saved.json"), stdout);
    expect((await plan("--against-file saved.json")).stdout).to.contain("Nothing that is deployed changes.");
  });

  it("another stack says that neither becomes the other, in 60 columns too", async () => {
    const { stdout } = await plan("--stack prod --against-stack dev");
    expect(stdout).to.match(/^stack prod of sagemaker-triton, against the stack dev\n\nTwo stacks beside each other/);
    const narrow = execFileSync(
      "script",
      [
        "-qec",
        "stty cols 60; node commands/bin/sagemaker-triton.js plan --stack prod --against-stack dev",
        "/dev/null",
      ],
      {
        cwd: copy.directory,
        encoding: "utf8",
      },
    );
    const words = narrow.split(/\r?\n/).filter((line) => line.length > 60 && line.trim().includes(" "));
    expect(words.filter((line) => !/\S{40}/.test(line))).to.deep.equal([]);
  });

  it("is ended by Ctrl-C without leaving anything behind", async () => {
    const child = spawn(process.execPath, ["commands/bin/sagemaker-triton.js", "plan", "--against", "first"], {
      cwd: copy.directory,
      env: { ...process.env, XDG_CACHE_HOME: cache() },
      stdio: "ignore",
    });
    const trees = path.join(cache(), "sagemaker-triton/trees");
    while (!existsSync(trees) || readdirSync(trees).length === 0) await setTimeout(20);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).to.equal(130);
  });
});
