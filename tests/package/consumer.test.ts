import { expect } from "chai";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { installedPackage, run } from "../support/installedPackage.ts";

const source = "tests/package/consumer.ts";

describe("a program that wires other resources into every argument", () => {
  let directory: string;

  before(async function () {
    this.timeout(300_000);
    directory = path.join((await installedPackage()).directory, "consumer");
    cpSync("models", path.join(directory, "models"), { recursive: true });
    // The same program as an ES module and as CommonJS.
    for (const extension of ["mts", "cts"]) cpSync(source, path.join(directory, `consumer.${extension}`));
    const compilerOptions = { strict: true, target: "es2024", module: "nodenext", types: ["node"], skipLibCheck: true };
    const config = { compilerOptions, files: ["consumer.mts", "consumer.cts"] };
    writeFileSync(path.join(directory, "tsconfig.json"), JSON.stringify(config));
  });

  it("has each argument that may be an Output", () => {
    const program = readFileSync(source, "utf8");
    const taking = readFileSync("endpoint/endpointArgs.ts", "utf8").matchAll(/readonly (\w+)\??: .*pulumi\.Input</g);
    const names = new Set([...taking].map(([, name = ""]) => name));
    expect(names.size).to.be.greaterThan(80);
    expect([...names].filter((name) => !new RegExp(`\\b${name}[,:]|\\b${name} \\}`).test(program))).to.deep.equal([]);
  });

  it("has no TypeScript errors", async function () {
    this.timeout(300_000);
    await run("tsc", ["--project", directory]);
  });

  for (const file of ["consumer.mts", "consumer.mjs", "consumer.cjs"]) {
    it(`runs under mocks: ${file}`, async () => {
      const { stdout } = await run(process.execPath, ["--no-warnings", file], directory);
      const endpoints: unknown = JSON.parse(stdout.split("\n").findLast((line) => line.startsWith("[")) ?? "");
      expect(endpoints).to.deep.equal(["earlier", "gpu", "instances", "named", "parts", "queued", "serverless"]);
    });
  }
});
