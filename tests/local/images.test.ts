import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { readNpy } from "../../inference/npy.ts";
import { findPython } from "../../local/python.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { readRequest } from "../../operations/readInputs.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import { parseModelConfig } from "../../triton/config/modelConfig.ts";
import { failureOf } from "../support/failures.ts";

/** An image of one red pixel. */
const red = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);

describe("an image for an input of numbers", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "images-test-"));
  const image = path.join(folder, "red cat.png");
  let python: string;
  let modules: string;

  before(async function () {
    this.timeout(600_000);
    const found = await findPython();
    python = found.executable;
    modules = await installPythonPackages(cacheDirectory("triton"), found, {
      title: "Pillow for the tests",
      name: `pillow-11.3.0-numpy-1.26.4-python-${found.version}`,
      installs: [{ requirements: ["pillow==11.3.0", "numpy==1.26.4"], target: ".", dependencies: false }],
    });
    writeFileSync(image, red);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [type, dims, datatype, shape, first] of [
    ["TYPE_FP32", "3, 224, 192", "FP32", [3, 224, 192], 1],
    ["TYPE_UINT8", "-1, -1, 3", "UINT8", [224, 224, 3], 255],
    ["TYPE_FP32", "1, 1, 28, 28", "FP32", [1, 1, 28, 28], 76 / 255],
  ] as const) {
    it(`is refused with lines of Python that make ${type} of [${dims}], and run`, async () => {
      const { config } = parseModelConfig(`input { name: "x" data_type: ${type} dims: [ ${dims} ] }`);
      const failure = await failureOf(readRequest({ inputs: [`x=@${image}`] }, () => Promise.resolve(config)));
      const [told = "", ...lines] = failure.message.split("\n");
      expect(told).to.include("give a .npy file. Python makes it of the image").and.include('--input "x=@red cat.npy"');
      execFileSync(python, ["-c", lines.join("\n")], { cwd: folder, env: { ...process.env, PYTHONPATH: modules } });
      const array = readNpy("x", readFileSync(path.join(folder, "red cat.npy")));
      expect([array.datatype, array.shape]).to.deep.equal([datatype, shape]);
      expect(Number(array.data[0])).to.be.closeTo(first, 1e-6);
    });
  }
});
