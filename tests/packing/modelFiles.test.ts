import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { readModelFolder } from "../../packing/folder.ts";
import { readModelArchive } from "../../packing/modelArchive.ts";
import { inNewFolder, tarGzOfEntries } from "../support/archives.ts";
import { onnxBytes, onnxFile, smallModel } from "../support/onnxFiles.ts";

const small = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" });
const config = 'backend: "onnxruntime"\ndefault_model_filename: "net.bin"\n';

/** Files of a repository: an ONNX model under its usual name, in a folder, and under a name that only the configuration tells. */
const files: Readonly<Record<string, Uint8Array>> = {
  "a/1/model.onnx": onnxBytes(smallModel),
  "b/1/model.onnx/model.onnx": onnxBytes(smallModel),
  "b/1/model.onnx/weights": Buffer.alloc(10),
  "c/1/net.bin": onnxBytes(smallModel),
  "c/config.pbtxt": Buffer.from(config),
  "d/1/model.onnx": Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
  "e/1/big.onnx": Buffer.concat([onnxBytes(smallModel), Buffer.from([0x7a, 0x80, 0x80, 0x40]), Buffer.alloc(2 ** 20)]),
};
const models = {
  "a/1/model.onnx": small,
  "b/1/model.onnx/model.onnx": small,
  "c/1/net.bin": small,
  "d/1/model.onnx": {
    format: "damaged",
    reason: "it is only Git LFS's pointer to the file, which `git lfs pull` fetches",
  },
  "e/1/big.onnx": small,
};

describe("the models' own files", () => {
  it("are read from a folder", () =>
    inNewFolder(async (folder) => {
      for (const [file, bytes] of Object.entries(files)) {
        fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
        fs.writeFileSync(path.join(folder, file), bytes);
      }
      expect(Object.fromEntries((await readModelFolder(folder)).models)).to.deep.equal(models);
    }));

  it("are read from an archive while streaming, and those that a configuration names afterwards", () =>
    inNewFolder(async (folder) => {
      const entries = Object.entries(files).map(([name, bytes]) => [{ name }, Buffer.from(bytes)] as const);
      const link = [{ name: "f/1/model.onnx", type: "symlink", linkname: "../../a/1/model.onnx" }] as const;
      fs.writeFileSync(path.join(folder, "model.tar.gz"), await tarGzOfEntries([...entries, link]));
      const contents = await readModelArchive(path.join(folder, "model.tar.gz"));
      expect(Object.fromEntries(contents.models)).to.deep.equal({ ...models, "f/1/model.onnx": small });
      expect(contents.files.get("e/1/big.onnx")).to.equal(files["e/1/big.onnx"]?.length);
      expect(contents.problems.map(({ code }) => code)).to.deep.equal(["archive-link"]);
    }));
});
