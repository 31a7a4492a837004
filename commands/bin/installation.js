// Plain JavaScript without dependencies, because it reports that they are missing.
import { existsSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Explains why a clone of the project can't run yet: its packages, including a recent Node.js, aren't installed.
 *
 * @returns {string | undefined} the reason and the remedy; `undefined` if they are installed, or if this package is
 * itself a dependency
 */
export function installationProblem() {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  // Only a clone has a lock file.
  const missing =
    existsSync(path.join(project, "package-lock.json")) && !existsSync(path.join(project, "node_modules"));
  return missing ? `nothing is installed in ${path.resolve(project)} yet: run npm ci there` : undefined;
}
