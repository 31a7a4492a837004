import { expect } from "chai";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { optionsOf } from "../../triton/releases/serverOptions.ts";
import { endedInTime } from "../support/cli.ts";
import { serverOptionCases } from "../support/serverOptionCases.ts";

/** The release on this machine. */
const local = "24.10";

const cases = serverOptionCases.filter(({ release = local }) => release === local);

describe("the table of Triton's options, compared with the real Triton", () => {
  let help: string;
  /** The server's answer to each case; one that accepts its options takes a second to end. */
  let answers: readonly string[];

  before(async function () {
    this.timeout(300_000);
    const triton = await installTriton();
    help = await answerOf(triton, "--help");
    // A folder that isn't there ends a server that took its options.
    const place = ["--model-repository=/does-not-exist", "--allow-http=false"];
    answers = await Promise.all(cases.map((entry) => answerOf(triton, ...place, ...entry.text.split(" "))));
  });

  it("has the options of this release, each with the value type from --help", () => {
    const options = [...help.matchAll(/^ {2}--(\S+)(?: <(.+)>)?$/gm)].map(([, name = "", value]) => [name, value]);
    expect(Object.fromEntries(options)).to.deep.equal(Object.fromEntries(optionsOf(local)));
  });

  for (const [index, { title, fault }] of cases.entries()) {
    it(`agrees that a command line is ${fault === undefined ? "accepted" : "refused"}: ${title}`, () => {
      const answer = answers[index]!;
      expect(answer.includes("Usage: tritonserver")).to.equal(fault !== undefined, answer.slice(0, 300));
    });
  }
});

async function answerOf({ server, environment }: TritonInstallation, ...words: readonly string[]): Promise<string> {
  const child = spawn(server, words, { env: environment, stdio: ["ignore", "pipe", "pipe"], ...endedInTime });
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join("");
}
