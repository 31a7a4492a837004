import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { endedInTime } from "../support/cli.ts";
import { inTemporaryFolder } from "../support/plans.ts";

const bin = path.resolve("commands/bin/sagemaker-triton.js");

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd = tmpdir()) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...environment }, ...endedInTime });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, stdout, stderr };
}

describe("sagemaker-triton", () => {
  it("lists its commands, and has one for every npm script that calls it", async () => {
    const { stdout } = await run([bin, "--help"]);
    const listed = [...stdout.matchAll(/^ {2}(\w[\w-]*) {2,}/gm)].map(([, name]) => name);
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    const named = Object.values(scripts).flatMap(
      (script) => /^node commands\/bin\/sagemaker-triton.js (\S+)/.exec(script)?.[1] ?? [],
    );
    expect(named).to.include.members(["start", "serve", "plan", "check"]);
    expect(listed).to.include.members(named);
  });

  it("suggests the nearest command for an unknown one", async () => {
    const { code, stderr } = await run([bin, "chek"]);
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: "error: unknown command 'chek'\n(Did you mean check?)\n",
    });
  });

  it("says in one line that Node.js is too old", async () => {
    const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
    const { code, stderr } = await run(["--import", old, bin, "plan"]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: this is Node\.js 20\.20\.2, and Node\.js 22\.18 or newer is needed: .*\n$/);
  });

  it("says in one line that nothing is installed yet, whatever the Node.js", async () => {
    await inTemporaryFolder(async (folder) => {
      const files = ["packing/cacheDirectory.js", "packing/makeFolders.js", "package.json", "package-lock.json"];
      for (const entry of ["commands/bin", ...files]) {
        cpSync(entry, path.join(folder, entry), { recursive: true });
      }
      const { code, stderr } = await run([path.join(folder, "commands/bin/sagemaker-triton.js"), "plan"]);
      expect({ code, stderr }).to.deep.equal({
        code: 1,
        stderr: `error: nothing is installed in ${folder} yet: run npm ci there\n`,
      });
    });
  });

  it("plans the project it belongs to if run outside any project", async () => {
    const { code, stdout, stderr } = await run([bin, "plan", "--stack", "prod"]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(/^stack prod of sagemaker-triton: /);
  });

  it("resolves a configuration file against the user's working directory, not the folder where npm runs scripts", async () => {
    const npm = { npm_lifecycle_event: "plan", npm_package_json: path.resolve("package.json") };
    const environment = { ...npm, INIT_CWD: path.resolve("docs/examples") };
    const { code, stdout } = await run([bin, "plan", "--config-file", "variants.yaml"], environment, process.cwd());
    expect(code).to.equal(0);
    expect(stdout).to.include("next");
  });

  it("refuses options that npm kept for itself, with the correct command line", async () => {
    const npm = {
      npm_lifecycle_event: "plan",
      npm_package_json: path.resolve("package.json"),
      npm_config_stack: "prod",
    };
    const { code, stderr } = await run([bin, "plan"], npm);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      'error: npm kept options for itself that belong after "--": use npm run plan -- --stack prod\n',
    );
  });

  it("ends silently if its output is closed", async () => {
    const child = spawn(process.execPath, [bin, "plan"], { stdio: ["ignore", "pipe", "pipe"], ...endedInTime });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number]>]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
  });

  it("leaves neither a folder nor a process of a benchmark behind where nobody reads its output", async () => {
    await inTemporaryFolder(async (folder) => {
      const args = ["-c", "node tools/bench/index.ts pack --size 64 --runs 1 2>&1 | head -1", bin];
      const environment = { TMPDIR: folder, PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? ""}` };
      const child = spawn("sh", args, { env: { ...process.env, ...environment }, ...endedInTime });
      const [stdout] = await Promise.all([text(child.stdout), once(child, "close")]);
      expect(stdout.trimEnd().split("\n")).to.have.length(1);
      expect(readdirSync(folder)).to.deep.equal([]);
      expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).to.not.include(folder);
    });
  });
});
