import { expect } from "chai";
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { findPulumi } from "../engine/pulumiCli.ts";
import { installedPackage, run } from "../support/installedPackage.ts";

interface Template {
  readonly template: { readonly config: Readonly<Record<string, { readonly default: string }>> };
}

describe("a project made from examples/template/", () => {
  let directory: string;
  let project: string;

  before(async function () {
    this.timeout(300_000);
    ({ directory } = await installedPackage());
    project = path.join(directory, "shop");
    mkdirSync(project);
    await make(project);
    // As pulumi new stores what it asks for.
    const { template } = parse(readFileSync("examples/template/Pulumi.yaml", "utf8")) as Template;
    const answers = Object.entries(template.config).map(([key, { default: answer }]) => [
      key.includes(":") ? key : `shop:${key}`,
      answer,
    ]);
    writeFileSync(path.join(project, "Pulumi.dev.yaml"), stringify({ config: Object.fromEntries(answers) as object }));
  });

  it("has the given name everywhere", () => {
    expect(parse(readFileSync(path.join(project, "Pulumi.yaml"), "utf8"))).to.include({ name: "shop" });
    expect(JSON.parse(readFileSync(path.join(project, "package.json"), "utf8"))).to.include({ name: "shop" });
    const texts = globSync("**/*.*", { cwd: project }).map((file) => readFileSync(path.join(project, file), "utf8"));
    expect(texts.filter((text) => text.includes("${"))).to.deep.equal([]);
  });

  it("has a program without TypeScript errors", async () => {
    await run("tsc", ["--project", project]);
  });

  it("has a model repository without problems", async () => {
    const { stdout } = await command("check", "models");
    expect(stdout).to.equal("models: 1 model, no problems\n");
  });

  it("plans the stack with the template's default answers", async () => {
    const { stdout, stderr } = await command("plan", "--json");
    const { project: name, resources, outputs } = JSON.parse(stdout) as Plan;
    expect(name).to.equal("shop");
    expect(resources.map(({ type }) => type)).to.include("aws:sagemaker/endpoint:Endpoint");
    expect(outputs).to.include.keys("endpointName", "imageDigest");
    expect(stderr).to.equal("");
  });

  it("serves its model, whose answer matches its response.json", async function () {
    this.timeout(300_000);
    const { stdout } = await command("start", "--port", "0");
    expect(stdout).to.include("The answer matches mean/response.json.");
  });

  const command = (...args: string[]) => run(path.join(directory, "node_modules/.bin/sagemaker-triton"), args, project);
});

interface Plan {
  readonly project: string;
  readonly resources: readonly { readonly type: string }[];
  readonly outputs: object;
}

/** By the Pulumi CLI, or, on a machine that has none, by what it does with a template: put the names in. */
async function make(project: string): Promise<void> {
  const cli = findPulumi();
  if (cli) {
    const PULUMI_HOME = path.join(project, "../pulumi");
    const args = [
      "new",
      path.resolve("examples/template"),
      "--generate-only",
      "--yes",
      "--name",
      "shop",
      "--dir",
      project,
    ];
    await run(cli.executable, args, undefined, { PULUMI_HOME, PULUMI_SKIP_UPDATE_CHECK: "true" });
    return;
  }
  cpSync("examples/template", project, { recursive: true });
  for (const name of ["Pulumi.yaml", "package.json"]) {
    const file = path.join(project, name);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("${PROJECT}", "shop").replace("${DESCRIPTION}", "Models"));
  }
}
