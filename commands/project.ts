import { statSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Finds the Pulumi project to work on: the one that contains the working directory or, failing that, the one this file
 * belongs to.
 *
 * @throws Error if there is neither
 */
export function projectDirectory(): string {
  const start = process.cwd();
  for (let directory = start; ; directory = path.dirname(directory)) {
    if (hasProject(directory)) return directory;
    if (directory === path.dirname(directory)) break;
  }
  const own = fileURLToPath(new URL("..", import.meta.url));
  if (hasProject(own)) return own;
  throw new Error(`there is no Pulumi project in ${start} or above it: change to a folder with a Pulumi.yaml`);
}

/** An unreadable file is reported when it is read; a folder with that name isn't a project. */
function hasProject(directory: string): boolean {
  return statSync(path.join(directory, "Pulumi.yaml"), { throwIfNoEntry: false })?.isDirectory() === false;
}
