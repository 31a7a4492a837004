import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { TritonInstallation } from "./triton.ts";
import { makeVirtualEnvironment } from "./virtualEnvironment.ts";

/**
 * A Triton for one run: a folder of backends that gets what the run's models need, and a Python that sees, as the one in
 * SageMaker's image does, no packages that were installed on this machine for something else.
 *
 * @param installation the Triton that is installed
 * @param folder where the run's files go; it must not be there yet
 */
export async function tritonOfRun(installation: TritonInstallation, folder: string): Promise<TritonInstallation> {
  const backendDirectory = path.join(folder, "backends");
  await linkPythonBackend(path.join(installation.backendDirectory, "python"), path.join(backendDirectory, "python"));
  const { PATH = "" } = installation.environment;
  return {
    ...installation,
    backendDirectory,
    environment: {
      ...installation.environment,
      PATH: `${await makeVirtualEnvironment(path.join(folder, "python"), installation.python)}:${PATH}`,
    },
  };
}

/** What a model prints appears line by line, and what crashes it names the line of Python. */
const shownOutput = `
import faulthandler, sys
faulthandler.enable()
sys.stdout.reconfigure(line_buffering=True)
`;

async function linkPythonBackend(installed: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const utilities = "triton_python_backend_utils.py";
  for (const entry of await readdir(installed, { withFileTypes: true })) {
    const [from, to] = [path.join(installed, entry.name), path.join(folder, entry.name)];
    if (entry.name === utilities || entry.name === "__pycache__") continue;
    // Triton refuses a backend's library that a link takes out of the backend's folder.
    await (entry.isDirectory() ? symlink(from, to) : copyFile(from, to));
  }
  await writeFile(
    path.join(folder, utilities),
    (await readFile(path.join(installed, utilities), "utf8")) + shownOutput,
  );
}
