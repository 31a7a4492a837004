import { accessSync, closeSync, constants, existsSync, openSync, statSync } from "node:fs";
import * as path from "node:path";
import { specialFileProblem } from "../packing/regularFile.ts";
import { systemReason } from "../text/systemError.ts";

/**
 * Refuses an output file that can't be written, before there is anything to write.
 *
 * @param option the option that names the file
 * @param file the file
 * @param endings the allowed extensions, for example `.svg`
 * @throws Error if its extension isn't allowed, its folder doesn't exist, or this user may not write to it
 */
export function refuseOutputFile(option: string, file: string, endings: readonly string[]): void {
  if (!endings.includes(path.extname(file).toLowerCase())) {
    throw new Error(`${option}: "${file}" must end in one of ${endings.join(", ")}`);
  }
  const folder = path.dirname(file);
  if (!existsSync(folder))
    throw new Error(`${option}: there is no folder ${folder} to write ${path.basename(file)} to`);
  const special = specialFileProblem(file);
  if (special !== undefined) throw new Error(`${option}: "${file}" ${special}`);
  try {
    // Opened to be added to, a file that is there stays as it is; one that is not there is not made.
    if (existsSync(file)) closeSync(openSync(file, "a"));
    else if (statSync(folder).isDirectory()) accessSync(folder, constants.W_OK);
    else throw new Error("its folder is a file");
  } catch (error) {
    throw new Error(`${option}: "${file}" can't be written: ${systemReason(error, "write to")}`, { cause: error });
  }
}
