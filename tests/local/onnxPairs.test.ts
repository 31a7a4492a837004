import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { findPython } from "../../local/python.ts";
import { readModelFolder } from "../../packing/folder.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import { installOnnx, onnxRelease } from "../support/onnxPackages.ts";

/** What Triton's own rules, restated in Python, say of a pair. */
interface Verdict {
  readonly name: string;
  /** Why Triton does not serve it; `null` where it does. */
  readonly why: string | null;
  /** Whether ONNX Runtime works out the shape of an output, so that the check may know less. */
  readonly shapeless: boolean;
}

const pairs = 1000;

describe(`${pairs} random pairs of an ONNX model and a configuration`, () => {
  let verdicts: readonly Verdict[] = [];
  const errors = new Map<string, string[]>();

  before(async function () {
    this.timeout(300_000);
    const python = await findPython();
    const modules = await installOnnx(python);
    const folder = mkdtempSync(path.join(tmpdir(), "onnx-pairs-"));
    try {
      const { stdout } = await promisify(execFile)(
        python.executable,
        [path.resolve("tests/support/onnx_pairs.py"), folder, "1", String(pairs), onnxRelease],
        { env: { ...process.env, PYTHONPATH: modules }, maxBuffer: 2 ** 26 },
      );
      verdicts = JSON.parse(stdout) as Verdict[];
      for (const { severity, path: at, message } of checkModelRepository(await readModelFolder(folder), {
        release: onnxRelease,
      })) {
        const [model = ""] = at.split("/");
        if (severity === "error") errors.set(model, [...(errors.get(model) ?? []), message]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("include valid and invalid ones", () => {
    expect(verdicts).to.have.lengthOf(pairs);
    expect(verdicts.filter(({ why }) => why === null).length).to.be.within(pairs / 3, (pairs * 2) / 3);
  });

  it("get the same result as from Triton's own rules, reimplemented in Python from its source", () => {
    const told = verdicts.filter(({ shapeless }) => !shapeless);
    expect(told.length).to.be.at.least(pairs * 0.9);
    expect(
      told
        .filter(({ name, why }) => (why === null) !== !errors.has(name))
        .map((verdict) => ({ ...verdict, errors: errors.get(verdict.name) })),
    ).to.deep.equal([]);
  });

  it("aren't refused for a shape that only ONNX Runtime knows", () => {
    const served = verdicts.filter(({ shapeless, why }) => shapeless && why === null);
    expect(served).not.to.be.empty;
    expect(served.filter(({ name }) => errors.has(name))).to.deep.equal([]);
  });
});
