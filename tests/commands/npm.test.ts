import { expect } from "chai";
import * as path from "node:path";
import { invocationOf, rightLine } from "../../commands/npm.ts";

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

  it("don't matter if there are none, or if npm isn't running", () => {
    expect(line({ npm_config_yes: "true" }, "--stack", "prod")).to.equal(undefined);
    expect(
      rightLine({ name: "sagemaker-triton plan", script: false }, options, [], { npm_config_json: "true" }),
    ).to.equal(undefined);
  });
});
