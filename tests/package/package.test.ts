import { expect } from "chai";
import { cpSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { publint } from "publint";
import { installedPackage, run } from "../support/installedPackage.ts";
import { writeFiles } from "../support/plans.ts";

const program = (imports: string, run: string) => `${imports}
const main = async () => {
  const mocks = new PlanMocks("us-east-1");
  await useMocks(mocks, "other", "dev");
  const model = await loadModel({ modelRepository: "models" }, { check: { defaultModelName: "penguins" } });
  const args = {
    model,
    instanceType: "ml.m5.large",
    defaultModelName: "penguins",
  };
  const releaseWatch = await watchReleases("penguins", { region: "us-east-1" }, args);
  new TritonEndpoint("penguins", { ...args, releaseWatch });
  await pulumi.runtime.disconnect();
  const problems = checkModelRepository(await readModelFolder("models"), { defaultModelName: "penguins" });
  const { contentType } = encodeRequest({ inputs: [{ name: "x", datatype: "FP16", shape: [1], data: [1] }] });
  console.log(JSON.stringify({ resources: [...mocks.inputs.keys()], problems, contentType }));
};
${run}
`;
const imports = `import * as pulumi from "@pulumi/pulumi";
import { loadModel, TritonEndpoint, watchReleases } from "sagemaker-triton";
import { checkModelRepository, readModelFolder } from "sagemaker-triton/check";
import { encodeRequest } from "sagemaker-triton/client";
import { PlanMocks, useMocks } from "sagemaker-triton/testing";`;
const requires = `const pulumi = require("@pulumi/pulumi");
const { loadModel, TritonEndpoint, watchReleases } = require("sagemaker-triton");
const { checkModelRepository, readModelFolder } = require("sagemaker-triton/check");
const { encodeRequest } = require("sagemaker-triton/client");
const { PlanMocks, useMocks } = require("sagemaker-triton/testing");`;

/** Source: https://github.com/pulumi/templates/blob/master/aws-typescript/tsconfig.json */
const pulumiTemplate = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

describe("the packed package, installed into a new folder", () => {
  let directory: string;
  let files: readonly string[];

  before(async function () {
    this.timeout(300_000);
    ({ directory, files } = await installedPackage());
    writeFiles(directory, {
      "program.mjs": program(imports, "await main();"),
      "program.cjs": program(requires, "void main();"),
      "index.ts": program(imports, "void main();"),
    });
    cpSync("models", path.join(directory, "models"), { recursive: true });
  });

  it("contains JavaScript, declarations, maps and files read at run time, and nothing else", () => {
    const others = files.filter((file) => !/^dist\/.*\.(js|js\.map|d\.ts|json|py|pbtxt)$/.test(file));
    expect(others.sort()).to.deep.equal(["LICENSE", "README.md", "package.json"]);
    expect(files).to.include.members(["dist/local/isolate.py", "dist/sagemaker/hostingInstances.json"]);
  });

  it("has no mistakes that publint or Are the Types Wrong find", async () => {
    // To CommonJS programs the declarations are CommonJS: Node.js loads ES modules from it since 22.12.
    const pkgDir = path.join(directory, "node_modules/sagemaker-triton");
    const { messages } = await publint({ pkgDir, pack: false, strict: true });
    expect(messages.filter(({ code }) => code !== "EXPORTS_TYPES_INVALID_FORMAT")).to.deep.equal([]);
    const archive = path.join(directory, "sagemaker-triton-1.0.0.tgz");
    await run("attw", [archive, "--no-definitely-typed", "--ignore-rules", "false-cjs", "cjs-resolves-to-esm"]);
  });

  it("can be used by an ES module", async () => {
    expectEndpoint(await run(process.execPath, ["program.mjs"], directory));
  });

  it("can be used by a CommonJS program", async () => {
    expectEndpoint(await run(process.execPath, ["--no-warnings", "program.cjs"], directory));
  });

  it("can be used by a TypeScript program with the settings of Pulumi's template", async () => {
    const compilerOptions = { ...pulumiTemplate, types: ["node"], ignoreDeprecations: "6.0" };
    writeFileSync(path.join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    await run("tsc", ["--project", directory]);
    expectEndpoint(await run(process.execPath, ["--no-warnings", "bin/index.js"], directory));
  });

  it("has a command that checks, and plans a Pulumi project", async () => {
    const bin = path.join(directory, "node_modules/.bin/sagemaker-triton");
    writeFiles(directory, {
      "stack/Pulumi.yaml": "name: other\nmain: index.mjs\nruntime: nodejs\n",
      "stack/Pulumi.dev.yaml":
        "config: { aws:region: us-east-1, other:modelRepository: ../models, other:defaultModelName: penguins }\n",
      "stack/index.mjs": 'export * from "sagemaker-triton/stack";\n',
    });
    const check = await run(bin, ["check", "--default-model", "penguins", "../models"], path.join(directory, "stack"));
    expect(check.stdout).to.equal("../models: 3 models, no problems\n");
    const plan = await run(bin, ["plan", "--json"], path.join(directory, "stack"));
    const { project, resources } = JSON.parse(plan.stdout) as { project: string; resources: { name: string }[] };
    expect(project).to.equal("other");
    expect(resources.map(({ name }) => name)).to.include("triton-server-endpoint");
  });

  it("has a command that serves what it plans", async function () {
    this.timeout(300_000);
    const bin = path.join(directory, "node_modules/.bin/sagemaker-triton");
    const { stdout } = await run(bin, ["start", "--port", "0"], path.join(directory, "stack"));
    expect(stdout).to.include("The answer matches penguins/response.json.");
  });
});

interface Printed {
  readonly resources: string[];
  readonly problems: unknown[];
  readonly contentType: string;
}

function expectEndpoint({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  const { resources, problems, contentType } = JSON.parse(stdout) as Printed;
  expect(resources).to.include("aws:sagemaker/endpoint:Endpoint::penguins-server-endpoint");
  expect(problems).to.deep.equal([]);
  expect(contentType).to.match(/^application\/vnd\.sagemaker-triton\.binary\+json;json-header-size=\d+$/);
  expect(stderr).to.equal("");
}
