import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { invocationOf, rightLine } from "../../commands/npm.ts";
import { pulumiOptions } from "../../commands/pulumiOptions.ts";
import { pulumiCli } from "../../operations/pulumiCli.ts";

const script = (event: string, more: NodeJS.ProcessEnv = {}) => ({
  npm_lifecycle_event: event,
  npm_package_json: path.resolve("package.json"),
  ...more,
});
const options = [
  { long: "--stack", required: true },
  { long: "--config-file", required: true },
  { long: "--json", required: false },
];
const line = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  rightLine({ name: "npm run plan --", script: true }, options, args, environment);

describe("a command's name in help and messages", () => {
  it("is the npm script's if it runs as one", () => {
    expect(invocationOf("serve", script("serve"))).to.deep.equal({ name: "npm run serve --", script: true });
    expect(invocationOf("start", script("start"))).to.deep.equal({ name: "npm start --", script: true });
  });

  it("is the bin's otherwise, even in another package's script of that name", () => {
    const bin = { name: "sagemaker-triton serve", script: false };
    expect(invocationOf("serve", {})).to.deep.equal(bin);
    expect(invocationOf("serve", script("test:unit"))).to.deep.equal(bin);
    expect(invocationOf("serve", script("serve", { npm_package_json: "/other/package.json" }))).to.deep.equal(bin);
  });
});

describe("options that npm keeps for itself", () => {
  it("are placed after -- in the suggested command line", () => {
    expect(line({ npm_config_stack: "prod" })).to.equal("npm run plan -- --stack prod");
    expect(line({ npm_config_json: "true", npm_config_config_file: "my file.yaml" })).to.equal(
      "npm run plan -- --config-file 'my file.yaml' --json",
    );
  });

  it("get back the value that npm passed on as an argument", () => {
    expect(line({ npm_config_stack: "true" }, "prod", "more")).to.equal("npm run plan -- --stack prod more");
    expect(line({ npm_config_stack: "true" })).to.equal("npm run plan -- --stack <value>");
  });

  it("may be switched off", () => {
    const negated = [{ long: "--no-wait", required: false }];
    const lineOf = (environment: NodeJS.ProcessEnv) =>
      rightLine({ name: "npm run invoke --", script: true }, negated, ["--async"], environment);
    expect(lineOf({ npm_config_wait: "" })).to.equal("npm run invoke -- --no-wait --async");
    expect(lineOf({ npm_config_wait: "true" })).to.equal(undefined);
    expect(lineOf({})).to.equal(undefined);
  });

  it("don't matter if they are given after -- too", () => {
    expect(line({ npm_config_stack: "dev" }, "--stack", "prod")).to.equal(undefined);
  });

  it("are the Pulumi CLI's as well", () => {
    const up = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
      rightLine({ name: "npm run up --", script: true }, pulumiOptions, args, environment);
    expect(up({ npm_config_yes: "true" })).to.equal("npm run up -- --yes");
    expect(up({ npm_config_yes: "true", npm_config_stack: "true" }, "prod")).to.equal(
      "npm run up -- --stack prod --yes",
    );
    expect(up({ npm_config_message: "a fix", npm_config_refresh: "true" })).to.equal(
      "npm run up -- --message 'a fix' --refresh",
    );
    expect(up({ npm_config_yes: "true" }, "-y")).to.equal(undefined);
    expect(up({ npm_config_yes: "" })).to.equal(undefined);
  });

  it("are all that the installed Pulumi CLI has, but for those that npm itself understands otherwise", function () {
    const cli = pulumiCli(process.env.PATH ?? "");
    if (cli === undefined || cli.includes("node_modules")) return this.skip();
    const understood = ["--replace", "--color", "--verbose", "--help", "--cwd", "--emoji", "--memprofilerate"];
    const rare = ["--disable-integrity-checking", "--fully-qualify-stack-names"];
    for (const command of ["up", "preview", "destroy"]) {
      const help = execFileSync(cli, [command, "--help"], { encoding: "utf8" });
      const found = [...help.matchAll(/^ {2,6}(?:-\w, )? *(--[\w-]+)/gm)].map(([, long = ""]) => long);
      const known = [...pulumiOptions.map(({ long }) => long), ...understood, ...rare];
      expect(found.filter((long) => !known.includes(long))).to.deep.equal([]);
      expect(found).to.include("--stack");
    }
    return undefined;
  }).timeout(60_000);

  it("don't matter if there are none, or if npm isn't running", () => {
    expect(line({ npm_config_yes: "true" }, "--config-file", "a.yaml")).to.equal(undefined);
    expect(
      rightLine({ name: "sagemaker-triton plan", script: false }, options, [], { npm_config_json: "true" }),
    ).to.equal(undefined);
  });
});
