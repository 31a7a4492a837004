import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, symlinkSync } from "node:fs";
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

const start = (repository: string, ...more: string[]) =>
  npmStart(["--port", "0", "--verbose", "--model-repository", repository, ...more]);

/** A stack with an image of one's own, whose Python may be any. */
const ownImage = `config:
  aws:region: us-east-1
  sagemaker-triton:modelRepository: models
  sagemaker-triton:imageUri: 123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:1
`;

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

describe("the environment of a Python model on a real Triton", () => {
  let python: Python;
  before(async () => {
    python = await findPython();
  });

  it("has an empty working directory, not the one that the command was started in", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = "print(os.listdir('.')); open('written', 'w').close(); open('package.json')";
      writeFiles(folder, { "m/config.pbtxt": config, "m/1/model.py": modelThat(code) });
      const { code: ended, output } = await start(folder);
      expect(output).to.include("No such file or directory: 'package.json'");
      expect(ended).to.equal(1);
    });
  });

  it("has the packages of requirements.txt next to model.py, and a missing package is reported by name", async () => {
    await inTemporaryFolder(async (folder) => {
      const code = modelThat("import humanize; print(humanize.intword(1200000))");
      writeFiles(folder, { "m/config.pbtxt": config, "m/1/model.py": code });
      const without = await start(folder);
      expect(without.output).to.include("nothing provides humanize").and.include("requirements.txt next to model.py");
      expect(without.code).to.equal(1);
      writeFiles(folder, { "m/1/requirements.txt": "humanize==4.11.0\n" });
      const { code: ended, output } = await start(folder);
      expect(output).to.include("[model] 1.2 million");
      expect(ended).to.equal(0);
    });
  });

  it("is refused with every line of requirements.txt that isn't a name with versions, and nothing runs", async () => {
    await inTemporaryFolder(async (folder) => {
      const ran = path.join(folder, "ran");
      writeFiles(folder, {
        "models/m/config.pbtxt": config,
        "models/m/1/model.py": modelThat("pass"),
        "models/m/requirements.txt": `humanize\n${folder}/package\n-e file://${folder}/package\n`,
        "models/m/1/requirements.txt": "--index-url http://127.0.0.1:9\nhumanize\n",
        "package/setup.py": `open(${JSON.stringify(ran)}, "w").close()\nfrom setuptools import setup\nsetup(name="package")\n`,
      });
      const { code, output } = await start(path.join(folder, "models"));
      expect(code).to.equal(1);
      expect(output).to.match(/error: requirements\.txt may only list names of packages with versions/);
      for (const place of ["m/requirements.txt:2", "m/requirements.txt:3", "m/1/requirements.txt:1"]) {
        expect(output).to.include(`  ${place}: "`);
      }
      expect(output).to.include("EXECUTION_ENV_PATH").and.not.include("Installing what");
      expect(existsSync(ran)).to.equal(false);
    });
  });

  it("is installed from the user's own index, without anything else of the environment", async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, {
        "m/config.pbtxt": config,
        "m/1/model.py": modelThat("pass"),
        "m/requirements.txt": "no-such-one",
      });
      // If pip followed the second, it would fail earlier and otherwise.
      const own = { PIP_INDEX_URL: "http://127.0.0.1:9/own", PIP_REQUIREMENT: "/no/such/file", PIP_RETRIES: "0" };
      const options = ["--port", "0", "--model-repository", folder];
      const { code, output } = await npmStart(options, undefined, {
        ...own,
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? "",
      });
      expect(code).to.equal(1);
      expect(output).to.include("No matching distribution found for no-such-one").and.not.include("/no/such/file");
    });
  });

  it("can be the model's own execution environment in an archive, if that is for this machine's Python", async () => {
    await inTemporaryFolder(async (folder) => {
      const repository = path.join(folder, "models");
      writeFiles(folder, {
        "stack.yaml": ownImage,
        "models/m/config.pbtxt": withArchive,
        "models/m/1/model.py": modelThat("import only_in_the_environment as o; print(o.word, 'of', sys.prefix)"),
      });
      const archive = path.join(repository, "m/environment.tar.gz");
      const startOwn = () => start(repository, "--config-file", path.join(folder, "stack.yaml"));
      packEnvironment(archive, python, path.join(folder, "environment"));
      const own = await startOwn();
      expect(own.output).to.include("[model] from the environment of /tmp/python_env_");
      expect(own.code).to.equal(0);
      packEnvironment(archive, { ...python, version: "3.8" }, path.join(folder, "other"));
      const other = await startOwn();
      expect(other.output)
        .to.include(
          `the execution environment of m is for Python 3.8, but this machine's Triton runs models in Python ${python.version}: `,
        )
        .and.include("put a python3 of version 3.8 first on the PATH, or list the packages in m/requirements.txt");
      expect(other.code).to.equal(1);
    });
  });

  it("is checked first: with AWS's image an environment must be for the image's Python", async () => {
    await inTemporaryFolder(async (folder) => {
      const repository = path.join(folder, "models");
      writeFiles(repository, { "m/config.pbtxt": withArchive, "m/1/model.py": modelThat("pass") });
      packEnvironment(path.join(repository, "m/environment.tar.gz"), { ...python, version: "3.8" }, `${folder}/other`);
      const { code, output } = await start(repository);
      expect(output).to.match(/is for Python 3\.8, and Triton \d\d\.\d\d runs models in Python 3\.\d+/);
      expect(code).to.equal(1);
    });
  });
});
