import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { exampleRequest, invoke } from "../../local/exampleRequest.ts";
import { startTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { digestModelRepository, packModelRepository, unpackModelArchive } from "../../packing/modelArchive.ts";
import { inNewFolder } from "../support/archives.ts";

describe("a packed model on a real Triton", () => {
  it("gives the example's expected answer from the unpacked archive", async () => {
    await inNewFolder(async (folder) => {
      const { file } = await packModelRepository("models", { cacheDirectory: path.join(folder, "cache") });
      await unpackModelArchive(file, path.join(folder, "model"));
      await expectAnswer(path.join(folder, "model"));
    });
  });

  it("answers from single files as stored in S3, with a file that keeps the ensemble's version folder", async () => {
    await inNewFolder(async (folder) => {
      const { files } = await digestModelRepository("models", { cacheDirectory: path.join(folder, "cache") });
      expect(files.map((file) => file.path)).to.include("penguins/1/.keep");
      for (const file of files) {
        const target = path.join(folder, "model", file.path);
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.copyFileSync(file.file, target);
      }
      await expectAnswer(path.join(folder, "model"));
    });
  });
});

async function expectAnswer(modelDirectory: string): Promise<void> {
  const triton = await startTriton({
    installation: await installTriton(),
    modelDirectory,
    environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
    port: 0,
    startupTimeoutInSeconds: 60,
  });
  try {
    const request = await exampleRequest(modelDirectory, triton.defaultModelName!);
    if (!request?.expected) throw new Error("the example has no expected answer");
    expect(answerDifferences(request.expected, await invoke(triton.url, request))).to.deep.equal([]);
  } finally {
    await triton.stop();
  }
}
