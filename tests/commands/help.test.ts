import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";

/** Prints the packages that a process loads to standard error when it ends. */
const recorder = `import { registerHooks } from "node:module";
const found = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(resolved.url)?.[1];
    if (name) found.add(name);
    return resolved;
  },
});
process.on("exit", () => console.error(JSON.stringify([...found])));`;

describe("--help", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const bin = path.resolve("commands/bin/sagemaker-triton.js");
  const commands = Object.values(scripts).flatMap((script) => /sagemaker-triton\.js ([a-z]+)$/.exec(script)?.[1] ?? []);

  it("is there for every command", () => {
    expect(commands.length).to.be.greaterThan(10);
  });

  // Help of these three is the Pulumi CLI's own.
  for (const command of commands.filter((name) => !["preview", "up", "destroy"].includes(name))) {
    it(`of ${command} loads neither Pulumi nor an AWS client`, () => {
      const preloaded = `data:text/javascript,${encodeURIComponent(recorder)}`;
      const args = ["--import", preloaded, bin, command, "--help"];
      const options = { encoding: "utf8", stdio: "pipe" } as const;
      const script = `${process.execPath} "$@" 2>&1 >/dev/null`;
      const printed = execFileSync("sh", ["-c", script, "sh", ...args], options);
      const packages = JSON.parse(printed.trim()) as string[];
      expect(packages).to.include("commander");
      expect(packages.filter((name) => /^(@pulumi|@aws-sdk|pulumi)/.test(name))).to.deep.equal([]);
    });
  }
});
