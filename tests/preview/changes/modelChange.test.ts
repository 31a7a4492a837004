import { expect } from "chai";
import * as path from "node:path";
import { packModelRepository } from "../../../packing/packRepository.ts";
import { modelChanges } from "../../../preview/changes/modelChange.ts";
import { inTemporaryFolder, writeFiles } from "../../support/plans.ts";
import { somePlan, someResource } from "./somePlan.ts";

const config = (dims: number, backend = "python") => `
backend: "${backend}"
max_batch_size: 8
input { name: "x" data_type: TYPE_FP32 dims: [${dims}] }
output { name: "y" data_type: TYPE_FP32 dims: [1] }
`;

describe("a model's change", () => {
  /** Both repositories are packed as the program does it. */
  const between = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    inTemporaryFolder(async (directory) => {
      const plans = [];
      for (const [name, files] of Object.entries({ before, after })) {
        writeFiles(path.join(directory, name), files);
        const archive = await packModelRepository(path.join(directory, name), {
          cacheDirectory: path.join(directory, "cache", name),
        });
        const inputs = { key: archive.digest, source: { path: archive.file } };
        plans.push(somePlan([someResource("s3/bucketObjectv2:BucketObjectv2", "model", inputs)]));
      }
      return modelChanges(plans[0]!, plans[1]!);
    });

  it("is each file with size and digest, each tensor, versions and backend, and findings that are new or gone", async () => {
    const changes = await between(
      { "scores/config.pbtxt": config(4), "scores/1/model.py": "one", "scores/1/old.txt": "old" },
      { "scores/config.pbtxt": config(5), "scores/1/model.py": "one", "scores/2/model.py": "three", "empty/1/": "" },
    );
    expect(changes).to.have.length(1);
    const [{ object, files, tensors, facts, newProblems }] = changes as [(typeof changes)[0]];
    expect(object).to.equal("model");
    expect(files.map(({ path: file, before, after }) => [file, before?.size, after?.size])).to.deep.equal([
      ["scores/1/old.txt", 3, undefined],
      ["scores/2/model.py", undefined, 5],
      ["scores/config.pbtxt", config(4).length, config(5).length],
    ]);
    expect(files[0]?.before?.digest).to.equal("cba06b5736fa");
    expect(tensors).to.deep.equal([{ tensor: "scores input x", before: "FP32 [4]", after: "FP32 [5]" }]);
    expect(facts).to.deep.include({ fact: "scores versions", before: "1", after: "2" });
    expect(newProblems.map(({ path: file }) => file)).to.include("empty");
  });

  it("has the operator set of an ONNX file, and none where the archive isn't here any more", async () => {
    const onnx = (opset: number) =>
      Buffer.from([0x08, 0x08, 0x3a, 0x03, 0x12, 0x01, 0x67, 0x42, 0x02, 0x10, opset]).toString("latin1");
    const [change] = await between({ "m/1/model.onnx": onnx(17) }, { "m/1/model.onnx": onnx(18) });
    expect(change?.facts).to.deep.equal([{ fact: "m/1/model.onnx operators of ai.onnx", before: "17", after: "18" }]);
    const gone = (key: string) =>
      somePlan([
        someResource("s3/bucketObjectv2:BucketObjectv2", "model", { key, source: { path: `/gone/${key}.tar.gz` } }),
      ]);
    expect(await modelChanges(gone("a"), gone("b"))).to.deep.equal([]);
  });
});
