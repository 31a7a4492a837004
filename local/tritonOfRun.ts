import { copyFile, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { makeFolders } from "../packing/makeFolders.js";
import type { TritonInstallation } from "./triton.ts";
import { makeVirtualEnvironment } from "./virtualEnvironment.ts";

/**
 * A Triton for one run: with a folder of backends for what the run's models need, and a Python that, like the one in
 * SageMaker's image, doesn't see packages installed on this machine for other purposes.
 *
 * @param installation the installed Triton
 * @param folder the folder for the run's files, which must not exist yet
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

/** A model's output appears line by line, and a crash reports the current line of Python. */
const shownOutput = `
import faulthandler, sys
faulthandler.enable()
sys.stdout.reconfigure(line_buffering=True)
`;

async function linkPythonBackend(installed: string, folder: string): Promise<void> {
  makeFolders(folder);
  const utilities = "triton_python_backend_utils.py";
  for (const entry of await readdir(installed, { withFileTypes: true })) {
    const [from, to] = [path.join(installed, entry.name), path.join(folder, entry.name)];
    if (entry.name === utilities || entry.name === "__pycache__") continue;
    // Triton refuses a backend's library if it is a link that leaves the backend's folder.
    await (entry.isDirectory() ? symlink(from, to) : copyFile(from, to));
  }
  await writeFile(
    path.join(folder, utilities),
    (await readFile(path.join(installed, utilities), "utf8")) + shownOutput,
  );
}
