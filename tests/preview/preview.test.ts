import { expect } from "chai";
import { previewStack } from "../../preview/plan.ts";
import { renderPlan } from "../../preview/renderPlan.ts";
import { readStackConfig, UnknownStackError } from "../../preview/stackConfig.ts";
import { failureOf } from "../support/failures.ts";
import { inTemporaryFolder, planOf, writeFiles } from "../support/plans.ts";

const project = `
name: shop
config:
  size: { type: integer, default: 3, description: Size }
  other:region: { value: x }
  list: { type: array, default: [1, 2] }
`;

describe("a stack's configuration", () => {
  it("has the project's defaults for settings that the stack doesn't set", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, {
        "Pulumi.yaml": project,
        "Pulumi.dev.yaml": "config: { 'shop:size': 5, 'aws:region': eu-central-1 }",
        "Pulumi.prod.yaml": "",
      });
      expect(readStackConfig(directory, "dev")).to.deep.include({
        project: "shop",
        config: { "shop:size": "5", "shop:list": "[1,2]", "other:region": "x", "aws:region": "eu-central-1" },
        secretKeys: [],
      });
      expect(readStackConfig(directory, "prod").config).to.deep.include({ "shop:size": "3" });
      return Promise.resolve();
    });
  });

  it("shows that a value is secret, but not the value", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, {
        "Pulumi.yaml": project,
        "Pulumi.dev.yaml":
          "config: { 'shop:token': { secure: v1:abc }, 'shop:environment': { A: { secure: v1:abc }, B: [c] } }",
      });
      const { config, secretKeys } = readStackConfig(directory, "dev");
      expect(config).to.include({ "shop:token": "[secret]", "shop:environment": '{"A":"[secret]","B":["c"]}' });
      expect(secretKeys).to.deep.equal(["shop:token", "shop:environment"]);
      return Promise.resolve();
    });
  });

  it("that doesn't exist is refused with a list of those that do", () => {
    expect(() => readStackConfig(".", "staging")).to.throw(
      UnknownStackError,
      'there is no stack "staging": use one of dev, prod',
    );
  });

  it("is refused in a project without any, with the commands that create one", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "Pulumi.yaml": project });
      expect(() => readStackConfig(directory, "dev")).to.throw(
        UnknownStackError,
        'there is no stack "dev": shop has none with a configuration yet: create it with pulumi stack init dev, and pulumi config set',
      );
      return Promise.resolve();
    });
  });

  it("treats a key without a namespace as the project's, as the engine does", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "Pulumi.yaml": project, "Pulumi.dev.yaml": "config: { size: 5, 'other:region': y }" });
      expect(readStackConfig(directory, "dev").config).to.include({ "shop:size": "5", "other:region": "y" });
      return Promise.resolve();
    });
  });

  it("treats a key without a value as an empty string, as the engine does", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "Pulumi.yaml": project, "Pulumi.dev.yaml": "config:\n  shop:size:\n" });
      expect(readStackConfig(directory, "dev").config).to.include({ "shop:size": "" });
      return Promise.resolve();
    });
  });

  for (const [content, message] of [
    ["config: [a]", /"config" must be an object: use config: with lines like shop:imageTag/],
    ["text", /Pulumi\.dev\.yaml: must be a stack's configuration, an object with config:$/],
    ["config: { a: b: c }", /Pulumi\.dev\.yaml is not valid YAML:\s+line 1: /],
  ] as const) {
    it(`that is ${content} is refused with its file name and what is allowed`, async () => {
      await inTemporaryFolder((directory) => {
        writeFiles(directory, { "Pulumi.yaml": project, "Pulumi.dev.yaml": content });
        expect(() => readStackConfig(directory, "dev")).to.throw(message);
        expect(() => readStackConfig(directory, "dev", ".")).to.throw(
          `${directory}: it is a folder, and a file is needed`,
        );
        return Promise.resolve();
      });
    });
  }
});

describe("a plan", () => {
  it("refuses settings before anything is registered, with all problems in one message", async () => {
    const config = { instanceType: "ml.c7g.large", initialInstanceCount: "0" };
    const refused = await previewStack({ stack: "dev", config }).then(
      () => "planned",
      (error: unknown) => (error as Error).message,
    );
    expect(refused).to.match(
      /^the configuration of the stack dev has 2 problems:\n {2}initialInstanceCount 0: must be .*\n {2}instanceType ml\.c7g\.large: /,
    );
  });

  it("says that a secret other than free text can't be decrypted here", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "secret.yaml":
          "config: { 'sagemaker-triton:modelRepository': models, 'sagemaker-triton:kmsKeyArn': { secure: v1:abc } }",
      });
      const failure = await failureOf(previewStack({ stack: "dev", configFile: `${directory}/secret.yaml` }));
      expect(failure.message).to.match(/\n {2}kmsKeyArn \[secret\]: can't be checked here.*: use pulumi preview/);
    });
  });

  it("shows an object without entries as {}, not as a name with nothing after it", async () => {
    expect(renderPlan(await planOf("dev")).split("\n")).to.include("└─ targetModels: {}");
  });

  it("keeps a secret environment secret", async () => {
    await inTemporaryFolder(async (directory) => {
      const { readFileSync, symlinkSync } = await import("node:fs");
      for (const file of [
        "index.ts",
        "stack.js",
        "bin",
        "settings",
        "endpoint",
        "packing",
        "components",
        "releases",
        "sagemaker",
        "triton",
        "models",
        "node_modules",
        "package.json",
      ]) {
        symlinkSync(`${process.cwd()}/${file}`, `${directory}/${file}`);
      }
      writeFiles(directory, {
        "Pulumi.yaml": readFileSync("Pulumi.yaml", "utf8"),
        "Pulumi.dev.yaml": `${readFileSync("Pulumi.dev.yaml", "utf8")}\n  sagemaker-triton:environment: { TOKEN: { secure: v1:abc } }\n`,
      });
      const plan = await previewStack({ stack: "dev", directory });
      const model = plan.resources.find(({ type }) => type === "aws:sagemaker/model:Model");
      expect(model?.options.secrets).to.deep.equal(["primaryContainer"]);
      expect(model?.inputs).to.have.nested.property("primaryContainer.environment.TOKEN", "[secret]");
    });
  });

  it("uses the partition's names in another partition", async () => {
    await inTemporaryFolder(async (directory) => {
      const { readFileSync, symlinkSync } = await import("node:fs");
      for (const file of [
        "index.ts",
        "stack.js",
        "bin",
        "settings",
        "endpoint",
        "packing",
        "components",
        "releases",
        "sagemaker",
        "triton",
        "models",
        "node_modules",
        "package.json",
      ]) {
        symlinkSync(`${process.cwd()}/${file}`, `${directory}/${file}`);
      }
      writeFiles(directory, {
        "Pulumi.yaml": readFileSync("Pulumi.yaml", "utf8"),
        "Pulumi.china.yaml": readFileSync("Pulumi.dev.yaml", "utf8")
          .replace("us-east-1", "cn-north-1")
          .replace("config:", "config:\n  sagemaker-triton:imageTag: 25.04-py3"),
      });
      const text = renderPlan(await previewStack({ stack: "china", directory }));
      expect(text).to.include("arn:aws-cn:sagemaker:cn-north-1:").and.include(".amazonaws.com.cn/");
    });
  });

  it("is rendered as a tree of components with inputs, a line per policy statement, and what is kept on destroy", async () => {
    const plan = await planOf("prod");
    const lines = renderPlan(plan).split("\n");
    const resources = plan.resources.filter(({ type }) => !type.startsWith("sagemaker-triton:"));
    expect(lines[0]).to.equal(`stack prod of sagemaker-triton: ${resources.length} resources`);
    expect(lines[1]).to.equal("models: checked for 26.05-py3 on ml.r5.xlarge in us-east-1");
    expect(lines[2]).to.equal("tags of every taggable resource: CostEnv=prod, CostService=sagemaker-triton");
    expect(lines).to.include.members([
      "└─ TritonEndpoint triton",
      "   ├─ ModelStorage triton-storage",
      "   │  ├─ aws.s3.Bucket triton-storage-bucket (protected, retained on delete)",
      "   │  │  └─ Allow s3:GetObject on ${triton-storage-bucket.arn}/artifacts/*".replace(
        "│  └─ Allow",
        "│  │  └─ Allow",
      ),
    ]);
  });

  it("shows an alarm with a line per metric, and a dashboard with a line per row", async () => {
    const lines = renderPlan(await planOf("prod"))
      .split("\n")
      .map((line) => line.replace(/^[│├└─ ]+/, ""));
    const variant = "EndpointName=sagemaker-triton-prod, VariantName=AllTraffic";
    expect(lines).to.include.members([
      "watched: 100 * FILL(errors, 0) / invocations",
      `errors: Sum of AWS/SageMaker Invocation5XXErrors in 60 s, ${variant}`,
      "Alarms of sagemaker-triton-prod",
      "Invocations per minute | Errors, as a percentage of invocations",
      "Processors | Memory | Disk",
    ]);
    expect(lines.filter((line) => line.startsWith("widgets") || line.startsWith("metric"))).to.deep.equal(
      lines.filter((line) => line === "metricQueries"),
    );
  });

  it("shows documents as branches, without any JSON", async () => {
    const plans = [await planOf("dev"), await planOf("prod")];
    expect(plans.flatMap((plan) => renderPlan(plan).split("\n")).filter((line) => /[[{]"/.test(line))).to.deep.equal(
      [],
    );
  });

  it("shows a string that only starts like a document unchanged", async () => {
    const environment = JSON.stringify({ PROMPT: "{name} says", RANGE: "[1, 2) and more" });
    const lines = renderPlan(await planOf("dev", { environment })).split("\n");
    expect(lines.filter((line) => line.endsWith("─ PROMPT: {name} says"))).to.have.length(1);
    expect(lines.filter((line) => line.endsWith("─ RANGE: [1, 2) and more"))).to.have.length(1);
  });

  it("is the same when it is computed twice", async () => {
    expect(await previewStack({ stack: "dev" })).to.deep.equal(await planOf("dev"));
  });
});
