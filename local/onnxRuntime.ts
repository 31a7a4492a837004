import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { MessageError } from "./messageError.ts";
import { installPythonPackages } from "./pythonPackages.ts";
import type { TritonInstallation } from "./triton.ts";
import { table } from "../text/table.ts";

/** The newest ONNX Runtime with a wheel for each Python version that Triton can use. */
const versions: Readonly<Record<string, string | undefined>> = table({
  "3.9": "1.19.2",
  "3.10": "1.23.2",
  "3.11": "1.32.0",
  "3.12": "1.32.0",
});

/**
 * Adds a backend for ONNX models to a run's backends: a Python-based one that uses the package `onnxruntime`, which is
 * installed from PyPI on first use.
 * Source: https://github.com/triton-inference-server/backend/blob/main/docs/python_based_backends.md
 *
 * @param installation the Triton, whose backends folder gets the folder `onnxruntime`
 * @param signal ends it early. Default: none
 * @throws MessageError with pip's own message
 */
export async function addOnnxRuntime(installation: TritonInstallation, signal?: AbortSignal): Promise<void> {
  const { python, directory, backendDirectory } = installation;
  const version = versions[python.version];
  if (version === undefined) throw new MessageError(`ONNX Runtime has no package for Python ${python.version}`);
  const packages = await installPythonPackages(
    directory,
    python,
    {
      title: `ONNX Runtime ${version}`,
      name: `onnxruntime-${version}-python-${python.version}`,
      // To run a model it only needs numpy, which is installed with Triton.
      installs: [{ requirements: [`onnxruntime==${version}`], target: ".", dependencies: false }],
    },
    signal,
  );
  const backend = path.join(backendDirectory, "onnxruntime");
  const own = fileURLToPath(new URL("backends/onnxruntime", import.meta.url));
  await mkdir(backend);
  for (const name of await readdir(own)) {
    if (name.endsWith(".py")) await copyFile(path.join(own, name), path.join(backend, name));
  }
  await symlink(path.join(packages, "onnxruntime"), path.join(backend, "onnxruntime"));
}
