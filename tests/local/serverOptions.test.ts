import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { optionsOf } from "../../triton/releases/serverOptions.ts";
import { serverOptionCases } from "../support/serverOptionCases.ts";

/** The release on this machine. */
const local = "24.10";

describe("the table of Triton's options, compared with the real Triton", () => {
  let triton: TritonInstallation;

  before(async () => {
    triton = await installTriton();
  });

  function run(...words: readonly string[]): string {
    const { stdout, stderr } = spawnSync(triton.server, words, { env: triton.environment, encoding: "utf8" });
    return stdout + stderr;
  }

  it("has the options of this release, each with the value type from --help", () => {
    const help = [...run("--help").matchAll(/^ {2}--(\S+)(?: <(.+)>)?$/gm)];
    const told = new Map(help.map(([, name = "", value]) => [name, value]));
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(optionsOf(local)));
  });

  for (const { title, text, release = local, fault } of serverOptionCases) {
    if (release !== local) continue;
    it(`agrees that a command line is ${fault === undefined ? "accepted" : "refused"}: ${title}`, () => {
      // A folder that isn't there ends a server that took its options.
      const answer = run("--model-repository=/does-not-exist", "--allow-http=false", ...text.split(" "));
      expect(answer.includes("Usage: tritonserver")).to.equal(fault !== undefined, answer.slice(0, 300));
    });
  }
});
