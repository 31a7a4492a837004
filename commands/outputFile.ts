import { accessSync, closeSync, constants, existsSync, openSync, statSync } from "node:fs";
import * as path from "node:path";
import { systemReason } from "../packing/systemError.ts";

/**
 * Refuses a file that can't be written, before there is something to write.
 *
 * @param option the option that names it
 * @param file the file
 * @param endings the endings that it may have, for example `.svg`
 * @throws Error where its ending is another one, its folder isn't there, or this user may not write to it
 */
export function refuseOutputFile(option: string, file: string, endings: readonly string[]): void {
  if (!endings.includes(path.extname(file).toLowerCase())) {
    throw new Error(`${option}: "${file}" ends in none of ${endings.join(", ")}`);
  }
  const folder = path.dirname(file);
  if (!existsSync(folder))
    throw new Error(`${option}: there is no folder ${folder} to write ${path.basename(file)} to`);
  try {
    // Opened to be added to, a file that is there stays as it is; one that is not there is not made.
    if (existsSync(file)) closeSync(openSync(file, "a"));
    else if (statSync(folder).isDirectory()) accessSync(folder, constants.W_OK);
    else throw new Error("its folder is a file");
  } catch (error) {
    throw new Error(`${option}: "${file}" can't be written: ${systemReason(error, "write to")}`, { cause: error });
  }
}
