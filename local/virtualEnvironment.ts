import { symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { makeFolders } from "../packing/makeFolders.js";
import type { Python } from "./python.ts";

/**
 * Creates a virtual environment that doesn't see this machine's packages. A model's process finds its Python by the
 * PATH, and doesn't read Python's own variables such as PYTHONPATH.
 * Source: https://docs.python.org/3/library/site.html (pyvenv.cfg)
 *
 * @param folder the environment's folder, which must not exist yet
 * @param packages a folder of packages to add. Default: none
 * @returns the folder for the PATH, which also holds `activate`
 */
export async function makeVirtualEnvironment(folder: string, python: Python, packages?: string): Promise<string> {
  const programs = path.join(folder, "bin");
  makeFolders(programs);
  await symlink(python.executable, path.join(programs, "python3"));
  await writeFile(path.join(programs, "activate"), `export PATH='${programs}':"$PATH"\n`);
  const home = path.dirname(python.executable);
  await writeFile(path.join(folder, "pyvenv.cfg"), `home = ${home}\ninclude-system-site-packages = false\n`);
  if (packages !== undefined) {
    const library = path.join(folder, "lib", `python${python.version}`);
    makeFolders(library);
    await symlink(packages, path.join(library, "site-packages"));
  }
  return programs;
}
