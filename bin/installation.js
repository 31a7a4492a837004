// Plain JavaScript without a package: it is there to say that there are none.
import { existsSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Why a clone of the project can't run yet: its packages are missing, among them a Node.js that is new enough.
 *
 * @returns {string | undefined} why, and what helps; `undefined` where they are there, or elsewhere, as for a dependency
 */
export function installationProblem() {
  const project = fileURLToPath(new URL("..", import.meta.url));
  // Only a clone has a lock file.
  const missing =
    existsSync(path.join(project, "package-lock.json")) && !existsSync(path.join(project, "node_modules"));
  return missing ? `nothing is installed in ${path.resolve(project)} yet: run npm ci there` : undefined;
}
