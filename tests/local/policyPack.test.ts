import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { expect } from "chai";
import { endedInTime } from "../support/cli.ts";

const pack = path.resolve("policy");

/** As Pulumi's language host does: with the SDK that is found from the pack's folder, in that folder. */
function startPack() {
  const runner = createRequire(`${pack}/`).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "pipe"],
    ...endedInTime,
  });
}

describe("the policy pack's folder", () => {
  it("is a pack that Pulumi can start, without packages of its own", async () => {
    const child = startPack();
    let problems = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (problems += text));
    const ended = once(child, "close");
    const [port] = (await Promise.race([once(child.stdout, "data"), ended])) as [unknown];
    child.kill();
    await ended;
    expect(problems).to.equal("");
    expect(String(port)).to.match(/^\d+\n$/);
  });

  it("requires the packages that the project pins", () => {
    const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
    const { dependencies, devDependencies } = read("package.json");
    for (const [name, version] of Object.entries(read("policy/package.json").dependencies!)) {
      expect({ ...dependencies, ...devDependencies }[name], name).to.equal(version);
    }
  });
});
