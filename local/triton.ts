import { copyFile, mkdir } from "node:fs/promises";
import * as path from "node:path";
import { cacheDirectory } from "../packing/cacheDirectory.js";
import { findPython, type Python } from "./python.ts";
import { installPythonPackages } from "./pythonPackages.ts";

/** A Triton on this machine. */
export interface TritonInstallation {
  /** The server's executable. */
  readonly server: string;
  /** Where packages from PyPI are installed. */
  readonly directory: string;
  /** The folder of backends: `python`, and in a run what its models need beside it; ensembles are built in. */
  readonly backendDirectory: string;
  /** What the server's environment needs to find its libraries and its Python. */
  readonly environment: Readonly<Record<string, string>>;
  /** The Python that models run in. */
  readonly python: Python;
}

/** What people know this Triton as. */
export const tritonTitle = "Triton 24.10";

/** `nvidia-pytriton` 0.7.0 holds Triton 2.51.0, which is release 24.10. numpy 2 does not go with its Python backend. */
const tritonPackage = "nvidia-pytriton==0.7.0";
const numpyPackage = "numpy==1.26.4";

/**
 * Installs Triton from PyPI, the first time only; afterwards nothing is fetched.
 *
 * @param directory the folder it goes to. Default: `$XDG_CACHE_HOME/sagemaker-triton/triton`, or the same below `~/.cache`
 * @param signal ends it early. Default: nothing does
 * @throws MessageError where the machine lacks something, or with pip's own words
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
      PATH: [path.dirname(python.executable), process.env.PATH ?? ""].join(":"),
    },
    python,
  };
}

/** The backend expects its library, its utilities and the stub of the Python version side by side. */
async function arrangeBackend(installed: string, pythonVersion: string): Promise<void> {
  const server = path.join(installed, "packages/pytriton/tritonserver");
  const backend = path.join(installed, "backends/python");
  await mkdir(backend, { recursive: true });
  const files = [
    "backends/python/libtriton_python.so",
    "backends/python/triton_python_backend_utils.py",
    `python_backend_stubs/${pythonVersion}/triton_python_backend_stub`,
  ];
  for (const file of files) await copyFile(path.join(server, file), path.join(backend, path.basename(file)));
}
