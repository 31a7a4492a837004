import { cpSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { checkArguments } from "../../components/endpointArguments.ts";
import { describeProblem } from "../../endpoint/problem.ts";
import { packModelRepository } from "../../packing/modelArchive.ts";
import { differences, inTemporaryFolder, planOf, resourceOf, statementsOf, writeFiles } from "../support/plans.ts";
import { previewStack, type Plan } from "../../preview/plan.ts";

const settings = (modelRepositories: string, more: object = {}) => ({
  modelRepository: "",
  defaultModelName: "",
  multiModel: JSON.stringify({ modelRepositories, ...more }),
});
const example = settings("examples/multi-model");
const archivesOf = (plan: Plan) => plan.resources.filter(({ type }) => type.endsWith(":BucketObjectv2"));

/** Plans a changed copy of the example's repositories. */
async function changed(change: (directory: string) => void): Promise<readonly [Plan, Plan]> {
  return inTemporaryFolder(async (directory) => {
    cpSync("examples/multi-model", directory, { recursive: true });
    const before = await previewStack({ stack: "prod", config: settings(directory) });
    change(directory);
    return [before, await previewStack({ stack: "prod", config: settings(directory) })];
  });
}

describe("many models", () => {
  it("are one archive each under a common prefix, named by folder and content", async () => {
    const plan = await planOf("dev", example);
    expect(archivesOf(plan).map(({ name }) => name)).to.deep.equal([
      "triton-storage-with-body-mass-model",
      "triton-storage-without-body-mass-model",
    ]);
    const { inputs, options } = resourceOf(plan, "triton-storage-with-body-mass-model");
    expect(inputs.key).to.match(/^artifacts\/multi-model\/with-body-mass-[0-9a-f]{16}\.tar\.gz$/);
    expect(inputs).to.include({ bucket: "${triton-storage-bucket.bucket}", contentType: "application/gzip" });
    expect(inputs.tags).to.have.all.keys("CostEnv", "CostService");
    expect(options).to.include({ retainOnDelete: false });
    expect(options.dependsOn).to.include("triton-storage-policy");
  });

  it("are one Model in SageMaker whose URL is the prefix", async () => {
    const plan = await planOf("dev", example);
    expect(resourceOf(plan, "triton-server-model").inputs.primaryContainer).to.deep.equal({
      image: plan.outputs.imageUri,
      mode: "MultiModel",
      modelDataUrl: "s3://${triton-storage-bucket.bucket}/artifacts/multi-model/",
      environment: { SAGEMAKER_TRITON_LOG_VERBOSE: "false", SAGEMAKER_TRITON_PING_MODE: "live" },
    });
    expect(plan.outputs.modelDataUrl).to.equal("s3://${triton-storage-bucket.bucket}/artifacts/multi-model/");
  });

  it("are listed for clients in a stack output, which a single model doesn't have", async () => {
    const plan = await planOf("dev", example);
    const prefix = "artifacts/multi-model/";
    expect(plan.outputs.targetModels).to.deep.equal({
      "with-body-mass": String(resourceOf(plan, "triton-storage-with-body-mass-model").inputs.key).slice(prefix.length),
      "without-body-mass": String(resourceOf(plan, "triton-storage-without-body-mass-model").inputs.key).slice(
        prefix.length,
      ),
    });
    expect((await planOf("dev")).outputs.targetModels).to.deep.equal({});
  });

  it("are cached according to the setting", async () => {
    const plan = await planOf("dev", settings("examples/multi-model", { modelCacheSetting: "Disabled" }));
    expect(resourceOf(plan, "triton-server-model").inputs).to.have.deep.nested.property(
      "primaryContainer.multiModelConfig",
      { modelCacheSetting: "Disabled" },
    );
  });

  it("are all that the role may read and list", async () => {
    const plan = await planOf("dev", example);
    const [read, list, ...others] = statementsOf(resourceOf(plan, "triton-execution-model-data").inputs.policy);
    expect(read).to.include({ Action: "s3:GetObject", Resource: "${triton-storage-bucket.arn}/artifacts/*" });
    expect(list).to.deep.include({
      Action: "s3:ListBucket",
      Resource: "${triton-storage-bucket.arn}",
      Condition: { StringLike: { "s3:prefix": "artifacts/*" } },
    });
    expect(others).to.deep.equal([]);
  });

  it("keep a secret environment secret", async () => {
    process.env.PULUMI_CONFIG_SECRET_KEYS = "[]";
    await inTemporaryFolder(async (directory) => {
      const file = path.join(directory, "Pulumi.test.yaml");
      writeFileSync(
        file,
        `config:\n  sagemaker-triton:multiModel: { modelRepositories: examples/multi-model }\n  sagemaker-triton:environment: { TOKEN: { secure: v1:abc } }\n`,
      );
      const plan = await previewStack({ stack: "dev", configFile: file });
      expect(resourceOf(plan, "triton-server-model").options.secrets).to.deep.equal(["primaryContainer"]);
    });
  });

  it("can be shared by variants", async () => {
    const variants = JSON.stringify({ a: {}, b: { instanceType: "ml.g5.xlarge" } });
    const plan = await planOf("dev", { ...example, variants, instanceType: "", initialInstanceCount: "" });
    expect(plan.resources.filter(({ type }) => type === "aws:sagemaker/model:Model")).to.have.length(1);
  });
});

describe("a change of many models", () => {
  it("that adds one only touches its own archive", async () => {
    const [before, after] = await changed((directory) => {
      cpSync(path.join(directory, "with-body-mass"), path.join(directory, "new"), { recursive: true });
    });
    expect(differences(before, after)).to.deep.equal(["triton-storage-new-model"]);
  });

  it("that removes one only touches its own archive", async () => {
    const [before, after] = await changed((directory) => {
      rmSync(path.join(directory, "with-body-mass"), { recursive: true });
    });
    expect(differences(before, after)).to.deep.equal(["triton-storage-with-body-mass-model"]);
  });

  it("that changes one gives it a new name, and keeps the old archive if releases are kept", async () => {
    const [before, after] = await changed((directory) => {
      writeFileSync(path.join(directory, "with-body-mass/penguins/1/labels.txt"), "Adelie\n");
    });
    const name = "triton-storage-with-body-mass-model";
    expect(differences(before, after)).to.deep.equal([name]);
    expect(resourceOf(after, name).inputs.key).to.not.equal(resourceOf(before, name).inputs.key);
    expect(resourceOf(after, name).options).to.include({ retainOnDelete: true });
  });
});

describe("a folder of model repositories", () => {
  const refusedIn = (files: Readonly<Record<string, string>>) =>
    inTemporaryFolder(async (directory) => {
      writeFiles(directory, files);
      return previewStack({ stack: "dev", config: settings(directory) }).then(
        () => "planned",
        (error: unknown) => (error as Error).message,
      );
    });
  const sound = { "a/m/config.pbtxt": 'backend: "python"', "a/m/1/model.py": "class TritonPythonModel: pass" };

  it("reports every error of every repository at once, with the repository's name", async () => {
    const refused = await refusedIn({
      ...sound,
      "b/one/1/model.onnx": "x",
      "b/two/1/model.onnx": "x",
      "c/m/config.pbtxt": 'backend: "python" bakend: "x"',
      "c/m/1/model.py": "",
    });
    expect(refused).to.match(/has \d problems:\n/);
    expect(refused).to.match(/\n {2}b\/\.: There are several models \(one, two\).*\[target-model-ambiguous\]/);
    expect(refused).to.match(/\n {2}c\/m\/config\.pbtxt:1: .*\[config-unknown-field\]/);
    expect(refused).to.not.match(/\n {2}a\//);
  });

  it("may contain files and hidden folders, which are ignored", async () => {
    expect(await refusedIn({ "README.md": "Models", ".git/HEAD": "x", ...sound })).to.not.match(/README|\.git/);
  });

  it("must contain a repository", async () => {
    expect(await refusedIn({ "README.md": "x" })).to.match(
      /one problem:\n {2}must contain a folder or a \.tar\.gz for each model's repository/,
    );
  });

  it("may have packed ones, which are checked and uploaded as they are", async () => {
    await inTemporaryFolder(async (directory) => {
      cpSync("examples/multi-model", directory, { recursive: true });
      const folder = path.join(directory, "without-body-mass");
      const { file } = await packModelRepository(folder, { cacheDirectory: path.join(directory, ".cache") });
      cpSync(file, path.join(directory, "packed.tar.gz"));
      rmSync(folder, { recursive: true });
      const plan = await previewStack({ stack: "dev", config: settings(directory) });
      const { inputs } = resourceOf(plan, "triton-storage-packed-model");
      expect(inputs.key).to.match(/^artifacts\/multi-model\/packed-[0-9a-f]{16}\.tar\.gz$/);
      expect(inputs.source).to.deep.equal({ path: path.join(directory, "packed.tar.gz") });
      expect(Object.keys(plan.outputs.targetModels as object)).to.have.members(["packed", "with-body-mass"]);
    });
  });

  it("reports what the check finds in packed ones", async () => {
    expect(await refusedIn({ ...sound, "b.tar.gz": "x" })).to.match(/\n {2}b\.tar\.gz\/\.: .*\[archive-not-gzip\]/);
  });

  it("must contain each name once", async () => {
    expect(await refusedIn({ ...sound, "a.tar.gz": "x" })).to.match(
      /a\.tar\.gz: requests name a the same, a: keep one of the two/,
    );
  });

  it("must not contain archives of another kind", async () => {
    expect(await refusedIn({ ...sound, "b.zip": "x" })).to.match(/b\.zip: must be a \.tar\.gz or a folder: unpack it/);
  });

  it("must have subfolder names that a request can use", async () => {
    expect(await refusedIn({ "my model/m/config.pbtxt": 'backend: "python"' })).to.match(
      /\n {2}my model: requests use this name: it may only contain letters/,
    );
  });
});

describe("an endpoint of another program with many models", () => {
  const model = { format: "multiModel", archives: [] };
  const problemsOf = (variant: object, more: object = {}) =>
    checkArguments("penguins", { model, ...variant, ...more }, undefined, () => {
      throw new Error("everything is known");
    }).problems.map((problem) => describeProblem(problem));

  it("must follow the same rules", () => {
    expect(problemsOf({ instanceType: "ml.m5.large" })).to.deep.equal([]);
    expect(problemsOf({ instanceType: "ml.g6.xlarge" }, { asyncInference: {} })).to.deep.equal([
      "instanceType: can't be used with multiModel, for which SageMaker offers only the GPU types p2, p3, g4dn and g5 with one GPU: use for example ml.g5.xlarge",
      "model: can't be used with asyncInference: SageMaker offers it only with real-time endpoints",
    ]);
  });
});
