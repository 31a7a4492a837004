import * as fs from "node:fs";
import * as path from "node:path";
import { ModelError } from "../triton/repository/modelError.ts";

const remedy = "name the folder with the models";

/**
 * Refuses a folder that never ends, before it is listed: the root of the file system, and the kernel's own folders, whose
 * processes come and go.
 *
 * @param given the model repository, as the user named it
 * @param folder the repository or a folder in it, with symbolic links resolved
 * @throws ModelError if it is one
 * @throws Error if the system refuses access
 */
export function refuseEndlessFolder(given: string, folder: string): void {
  if (path.dirname(folder) === folder) {
    throw new ModelError(`the model repository ${given} is the root of the file system: ${remedy}`);
  }
  if (!kernelFileSystems.has(fs.statfsSync(folder).type)) return;
  const where = folder === given ? "" : `, in which ${folder}`;
  throw new ModelError(`the model repository ${given}${where} holds the kernel's own files: ${remedy}`);
}

/**
 * The numbers of proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs, devpts and bpf.
 * Source: https://man7.org/linux/man-pages/man2/statfs.2.html
 */
const kernelFileSystems: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x1cd1, 0xcafe4a11,
]);
