import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "chai";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { decodeResponse } from "../../inference/index.ts";
import { installEmulator } from "../support/awsEmulator.ts";
import { npmStart } from "../support/npmStart.ts";

interface Told {
  readonly variant?: string;
  readonly answer?: object;
  readonly code?: string;
  readonly original?: number;
}

describe("npm run serve, called by boto3", () => {
  it("answers as an endpoint with three variants does, errors included", async () => {
    const { executable, env } = await installEmulator();
    let called: Promise<Told[]> | undefined;
    const args = ["--keep-serving", "--port", "0", "--config-file", "docs/examples/variants.yaml"];
    const { code, output } = await npmStart(args, (text, pid) => {
      const [, url, name] = /endpoint_url (\S+) and the EndpointName (\S+)\n[^]*Try it/.exec(text) ?? [];
      if (url === undefined || name === undefined || called) return;
      called = promisify(execFile)(executable, ["tests/support/runtime_client.py", url, name], { env })
        .then(({ stdout }) =>
          stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Told),
        )
        .finally(() => process.kill(pid, "SIGINT"));
    });
    const [first, next, nobody, refused, large, streamed] = (await called) ?? [];
    const expected = decodeResponse(readFileSync("models/penguins/response.json"));
    for (const told of [first, next, streamed]) {
      const answer = decodeResponse(JSON.stringify(told?.answer));
      expect(answerDifferences(expected, answer)).to.deep.equal([]);
    }
    expect(first?.variant).to.be.oneOf(["m5", "m6i"]);
    expect(next?.variant).to.equal("next");
    expect(nobody?.code).to.equal("ValidationError");
    expect(refused).to.deep.equal({ code: "ModelError", original: 500 });
    expect(large?.code).to.equal("413");
    expect(output).to.include("Variants: m5 (weight 9), m6i (weight 1), next (weight 0)");
    expect(output).not.to.include("Task was destroyed");
    expect(code).to.equal(0);
  });
});
