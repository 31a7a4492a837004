import { expect } from "chai";
import { cpSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder } from "../support/plans.ts";
import { runCli } from "../support/cli.ts";

describe("the files that init writes for an ONNX model", () => {
  it("can be served by a real Triton", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFileSync(path.join(folder, "Pulumi.yaml"), "name: digits\nruntime: nodejs\n");
      cpSync("examples/onnx/models/digits/1", path.join(folder, "models/digits/1"), { recursive: true });
      expect((await runCli(["init", "models"], {}, folder)).code).to.equal(0);
      const { code, output } = await npmStart(["--port", "0", "--model-repository", path.join(folder, "models")]);
      expect(output).to.match(/digits answers the request \(digits\/request\.json\) in \d+ ms:/);
      expect(code).to.equal(0);
    });
  });
});
