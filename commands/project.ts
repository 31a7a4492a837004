import { statSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The Pulumi project that a command works on: the one in which the user stands, or else the one that this file belongs to.
 *
 * @throws Error where there is neither
 */
export function projectDirectory(): string {
  const start = process.cwd();
  for (let directory = start; ; directory = path.dirname(directory)) {
    if (hasProject(directory)) return directory;
    if (directory === path.dirname(directory)) break;
  }
  const own = fileURLToPath(new URL("..", import.meta.url));
  if (hasProject(own)) return own;
  throw new Error(`there is no Pulumi project in ${start} or above it: go to the folder of a Pulumi.yaml`);
}

/** A file that can't be read is told once it is read; a folder of that name is no project. */
function hasProject(directory: string): boolean {
  return statSync(path.join(directory, "Pulumi.yaml"), { throwIfNoEntry: false })?.isDirectory() === false;
}
