import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { findPython, type Python } from "../../local/python.ts";
import { npmStart } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const config = `backend: "python"
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }
`;
const withArchive = `${config}parameters { key: "EXECUTION_ENV_PATH" value { string_value: "$$TRITON_MODEL_DIRECTORY/environment.tar.gz" } }`;

/** A model that does this when it starts, and answers what it is given. */
function modelThat(first: string): string {
  return [
    "import os, sys",
    "import triton_python_backend_utils as u",
    "class TritonPythonModel:",
    `  def initialize(self, args): ${first}`,
    "  def execute(self, requests):",
    "    return [u.InferenceResponse([u.Tensor('y', u.get_input_tensor_by_name(r, 'x').as_numpy())]) for r in requests]",
  ].join("\n");
}

const start = (repository: string) => npmStart(["--port", "0", "--verbose", "--model-repository", repository]);

/** Packs what conda-pack would: an environment that works wherever it is unpacked, with one module of its own. */
function packEnvironment(archive: string, { executable, version }: Python, folder: string): void {
  const module = `lib/python${version}/site-packages/only_in_the_environment.py`;
  writeFiles(folder, {
    "bin/activate": 'export PATH="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd):$PATH"\n',
    "pyvenv.cfg": `home = ${path.dirname(executable)}\ninclude-system-site-packages = false\n`,
    [module]: "word = 'from the environment'\n",
  });
  chmodSync(path.join(folder, "bin/activate"), 0o755);
  symlinkSync(executable, path.join(folder, "bin/python3"));
  execFileSync("tar", ["czf", archive, "-C", folder, "."]);
}

describe("what a Python model finds around it, on a real Triton", () => {
  let python: Python;
  before(async () => {
    python = await findPython();
  });

  it("is an empty working directory, and not the one that the command was started in", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = "print(os.listdir('.')); open('written', 'w').close(); open('package.json')";
      writeFiles(folder, { "m/config.pbtxt": config, "m/1/model.py": modelThat(code) });
      const { code: ended, output } = await start(folder);
      expect(output).to.include("No such file or directory: 'package.json'");
      expect(ended).to.equal(1);
    });
  });

  it("is what requirements.txt beside model.py lists, and a package that nothing provides is told by its name", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = modelThat("import humanize; print(humanize.intword(1200000))");
      writeFiles(folder, { "m/config.pbtxt": config, "m/1/model.py": code });
      const without = await start(folder);
      expect(without.output).to.include("Nothing provides humanize").and.include("requirements.txt beside model.py");
      expect(without.code).to.equal(1);
      writeFiles(folder, { "m/1/requirements.txt": "humanize==4.11.0\n" });
      const { code: ended, output } = await start(folder);
      expect(output).to.include("[model] 1.2 million");
      expect(ended).to.equal(0);
    });
  });

  it("is an execution environment that it brings as an archive", async () => {
    await inTemporaryFolder(async (folder) => {
      const repository = path.join(folder, "models");
      writeFiles(repository, {
        "m/config.pbtxt": withArchive,
        "m/1/model.py": modelThat("import only_in_the_environment as o; print(o.word, 'of', sys.prefix)"),
      });
      packEnvironment(path.join(repository, "m/environment.tar.gz"), python, path.join(folder, "environment"));
      const { code, output } = await start(repository);
      expect(output).to.include("[model] from the environment of /tmp/python_env_");
      expect(code).to.equal(0);
    });
  });
});
