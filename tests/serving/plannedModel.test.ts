import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "chai";
import { MessageError } from "../../local/messageError.ts";
import { plannedModel, withUnpacked } from "../../local/plannedModel.ts";
import { provideModels } from "../../local/provideModels.ts";
import type { TritonInstallation } from "../../local/triton.ts";
import { failureOf } from "../support/failures.ts";
import { inTemporaryFolder, planOf, writeFiles } from "../support/plans.ts";

describe("a planned model", () => {
  for (const modelDataFormat of ["archive", "prefix"]) {
    it(`stored as ${modelDataFormat} is unpacked as SageMaker does, and removed after use`, async () => {
      const model = plannedModel(await planOf("dev", { modelDataFormat }));
      const directory = await withUnpacked(model, (unpacked) => {
        expect(readdirSync(unpacked)).to.have.members(["penguins", "penguins_classifier", "penguins_preprocessing"]);
        expect(readdirSync(path.join(unpacked, "penguins"))).to.include("1");
        const config = "penguins_classifier/config.pbtxt";
        expect(readFileSync(path.join(unpacked, config))).to.deep.equal(readFileSync(path.join("models", config)));
        return Promise.resolve(unpacked);
      });
      expect(() => readdirSync(directory)).to.throw("ENOENT");
    });
  }

  it("of many is unpacked when it is first requested", async () => {
    const multiModel = '{"modelRepositories":"examples/multi-model"}';
    const model = plannedModel(await planOf("dev", { modelRepository: "", defaultModelName: "", multiModel }));
    expect(model.targetModels?.map(({ name }) => name.replace(/[0-9a-f]{16}/, "<digest>"))).to.deep.equal([
      "with-body-mass-<digest>.tar.gz",
      "without-body-mass-<digest>.tar.gz",
    ]);
    await withUnpacked(model, async (unpacked) => {
      expect(readdirSync(unpacked)).to.deep.equal([]);
      await model.targetModels?.[0]?.unpack(unpacked);
      expect(readdirSync(path.join(unpacked, "penguins"))).to.include.members(["1", "config.pbtxt", "request.json"]);
    });
  });

  it("needs a temporary folder, and the message names the variable that sets another one", async () => {
    const model = plannedModel(await planOf("dev"));
    for (const missing of ["/no/such/folder", path.resolve("package.json")]) {
      const failure = await withTemporaryFolder(missing, () => failureOf(withUnpacked(model, () => Promise.resolve())));
      expect(failure).to.be.instanceOf(MessageError);
      expect(failure.message).to.match(
        /^can't create a folder in \S+ to unpack the model: .* \((ENOENT|ENOTDIR)\): set TMPDIR to a writable folder/,
      );
      expect(failure.message).to.include(missing);
    }
  });

  it("is unpacked to an absolute path even if TMPDIR is relative", async () => {
    const model = plannedModel(await planOf("dev"));
    await inTemporaryFolder(async (folder) => {
      const relative = path.relative(process.cwd(), folder);
      const place = await withTemporaryFolder(relative, () => withUnpacked(model, (_, root) => Promise.resolve(root)));
      expect(path.dirname(place)).to.equal(folder);
    });
  });

  it("is unpacked even if a killed run's folder can't be removed because it is another user's", async () => {
    const model = plannedModel(await planOf("dev"));
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, { "sagemaker-triton-999999999-x/locked/file": "" });
      const locked = path.join(folder, "sagemaker-triton-999999999-x/locked");
      chmodSync(locked, 0o000);
      const names = await withTemporaryFolder(folder, () => withUnpacked(model, (unpacked) => readdir(unpacked)));
      expect(names).to.include("penguins");
      // Root could remove it.
      if (existsSync(locked)) chmodSync(locked, 0o700);
    });
  });

  it("has the environment and the startup timeout of the plan", async () => {
    const plan = await planOf("dev", { containerStartupHealthCheckTimeoutInSeconds: "77" });
    expect(plannedModel(plan)).to.deep.include({
      environment: { SAGEMAKER_TRITON_LOG_VERBOSE: "false", SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
      startupTimeoutInSeconds: 77,
    });
  });

  it("that is already in S3 can't be served here, and the message says what to do", async () => {
    const plan = await planOf("dev", { modelRepository: "", modelDataUrl: "s3://models/model.tar.gz" });
    expect(() => plannedModel(plan)).to.throw(MessageError, /s3:\/\/models\/model\.tar\.gz.*--model-repository/);
  });
});

describe("a backend that this machine's Triton lacks", () => {
  const installation = { backendDirectory: "/nowhere" } as TritonInstallation;

  it("is reported with its model before anything is started", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, { "resnet/1/model.plan": "x", "resnet/config.pbtxt": 'backend: "tensorrt"' });
      const refused = await provideModels(installation, directory, {}).then(
        () => "served",
        (error: unknown) => (error as Error).message,
      );
      expect(refused).to.match(
        /whose Triton only has the backends python, onnxruntime, ensemble\n {2}resnet needs tensorrt$/,
      );
    });
  });

  it("doesn't matter for a model that isn't loaded", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "a/1/model.py": "",
        "a/config.pbtxt": 'backend: "python"',
        "b/1/model.plan": "x",
        "b/config.pbtxt": 'backend: "tensorrt"',
      });
      mkdirSync(path.join(directory, "b", "2"));
      await provideModels(installation, directory, { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "a" });
    });
  });
});

/** Does something while temporary files go to another folder. */
async function withTemporaryFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    return await use();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
