import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { findPython, type Python } from "../../local/python.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";

describe("the workflows", () => {
  let python: Python;
  let linters: string;

  before(async function () {
    this.timeout(300_000);
    python = await findPython();
    if (python.version === "3.9") {
      console.error("not run: zizmor and jactionlint need Python 3.10 or newer");
      this.skip();
    }
    linters = await installPythonPackages(cacheDirectory("triton"), python, {
      title: "zizmor and jactionlint",
      name: "zizmor-1.32.0-jactionlint-2.3.0",
      installs: [{ requirements: ["zizmor==1.32.0", "jactionlint==2.3.0"], target: ".", dependencies: false }],
    });
  });

  it("have no security problems that zizmor finds", async () => {
    await lint(path.join(linters, "bin/zizmor"), "--offline", "--no-progress", ".github");
  });

  // A fork of actionlint that comes as a wheel; continuous integration runs actionlint itself.
  it("have no mistakes that jactionlint finds", async () => {
    await lint(python.executable, "-m", "jactionlint", "--strict-exit", "--shellcheck=");
  });

  async function lint(program: string, ...args: string[]): Promise<void> {
    try {
      await promisify(execFile)(program, args, { env: { ...process.env, PYTHONPATH: linters } });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${args.join(" ")}:\n${stdout}\n${stderr}`, { cause: error });
    }
  }
});
