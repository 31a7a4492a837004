import { existsSync } from "node:fs";
import * as path from "node:path";

/**
 * Refuses a file that can't be written, before there is something to write.
 *
 * @param option the option that names it
 * @param file the file
 * @param endings the endings that it may have, for example `.svg`
 * @throws Error where its ending is another one, or its folder isn't there
 */
export function refuseOutputFile(option: string, file: string, endings: readonly string[]): void {
  if (!endings.includes(path.extname(file).toLowerCase())) {
    throw new Error(`${option}: "${file}" ends in none of ${endings.join(", ")}`);
  }
  const folder = path.dirname(file);
  if (!existsSync(folder))
    throw new Error(`${option}: there is no folder ${folder} to write ${path.basename(file)} to`);
}
