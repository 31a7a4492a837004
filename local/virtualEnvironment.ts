import { mkdir, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Python } from "./python.ts";

/**
 * Makes a virtual environment that sees none of this machine's packages. A model's process finds its Python by the PATH;
 * the variables of Python itself, PYTHONPATH among them, it does not read.
 * Source: https://docs.python.org/3/library/site.html (pyvenv.cfg)
 *
 * @param folder the environment's folder; it must not be there yet
 * @param python the Python
 * @param packages a folder of packages that it sees. Default: none
 * @returns the folder for the PATH, which also holds `activate`
 */
export async function makeVirtualEnvironment(folder: string, python: Python, packages?: string): Promise<string> {
  const programs = path.join(folder, "bin");
  await mkdir(programs, { recursive: true });
  await symlink(python.executable, path.join(programs, "python3"));
  await writeFile(path.join(programs, "activate"), `export PATH='${programs}':"$PATH"\n`);
  const home = path.dirname(python.executable);
  await writeFile(path.join(folder, "pyvenv.cfg"), `home = ${home}\ninclude-system-site-packages = false\n`);
  if (packages !== undefined) {
    const library = path.join(folder, "lib", `python${python.version}`);
    await mkdir(library, { recursive: true });
    await symlink(packages, path.join(library, "site-packages"));
  }
  return programs;
}
