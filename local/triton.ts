import { copyFile } from "node:fs/promises";
import * as path from "node:path";
import { makeFolders } from "../packing/makeFolders.js";
import { cacheDirectory } from "../packing/cacheDirectory.js";
import { findPython, type Python } from "./python.ts";
import { installPythonPackages } from "./pythonPackages.ts";

/** A Triton on this machine. */
export interface TritonInstallation {
  /** The server's executable. */
  readonly server: string;
  /** The folder for packages from PyPI. */
  readonly directory: string;
  /** The folder of backends: `python` and, in a run, others that its models need; ensembles are built in. */
  readonly backendDirectory: string;
  /** The environment variables that the server needs to find its libraries and its Python. */
  readonly environment: Readonly<Record<string, string>>;
  /** The Python that models run in. */
  readonly python: Python;
}

/** The readable name of this Triton. */
export const tritonTitle = "Triton 24.10";

/**
 * `nvidia-pytriton` 0.7.0 contains Triton 2.51.0, which is release 24.10. Its Python backend doesn't work with numpy 2.
 */
const tritonPackage = "nvidia-pytriton==0.7.0";
const numpyPackage = "numpy==1.26.4";

/**
 * Installs Triton from PyPI on first use; later runs download nothing.
 *
 * @param directory the folder to install it in. Default: `$XDG_CACHE_HOME/sagemaker-triton/triton`, or the same below
 * `~/.cache`
 * @param signal ends it early. Default: none
 * @throws MessageError if the machine lacks something, or with pip's own message
 */
export async function installTriton(
  directory = cacheDirectory("triton"),
  signal?: AbortSignal,
): Promise<TritonInstallation> {
  const python = await findPython();
  const triton = {
    title: tritonTitle,
    name: `triton-24.10-python-${python.version}`,
    installs: [
      { requirements: [tritonPackage], target: "packages", dependencies: false },
      // The backend's own folder is on every model's module path.
      { requirements: [numpyPackage], target: "backends/python", dependencies: false },
    ],
    arrange: (unfinished: string) => arrangeBackend(unfinished, python.version),
  };
  const installed = await installPythonPackages(directory, python, triton, signal);
  const packages = path.join(installed, "packages");
  return {
    directory,
    server: path.join(packages, "pytriton/tritonserver/bin/tritonserver"),
    backendDirectory: path.join(installed, "backends"),
    environment: {
      LD_LIBRARY_PATH: [path.join(packages, "nvidia_pytriton.libs"), python.libraryDirectory].join(":"),
      PATH: `${path.dirname(python.executable)}:/usr/local/bin:/usr/bin:/bin`,
    },
    python,
  };
}

/** The backend expects its library, its utilities and the stub for the Python version in one folder. */
async function arrangeBackend(installed: string, pythonVersion: string): Promise<void> {
  const server = path.join(installed, "packages/pytriton/tritonserver");
  const backend = path.join(installed, "backends/python");
  makeFolders(backend);
  const files = [
    "backends/python/libtriton_python.so",
    "backends/python/triton_python_backend_utils.py",
    `python_backend_stubs/${pythonVersion}/triton_python_backend_stub`,
  ];
  for (const file of files) await copyFile(path.join(server, file), path.join(backend, path.basename(file)));
}
