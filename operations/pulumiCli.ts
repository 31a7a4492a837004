import { accessSync, constants, existsSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** Pulumi's own npm package, a dev dependency of this project: it downloads the CLI of its version on first use. */
export const pulumiLauncher = fileURLToPath(new URL("../node_modules/.bin/pulumi", import.meta.url));

/** Where the CLI is installed from. */
export const cliInstallation = "https://www.pulumi.com/docs/install/";

/**
 * Finds the Pulumi CLI: the user's installed one or, failing that, the npm launcher of the user's project or of this
 * one. npm puts launchers first on the PATH, where they would download a second CLI.
 *
 * @param searched the PATH to search
 * @returns its path; `undefined` if there is neither
 */
export function pulumiCli(searched: string): string | undefined {
  const folders = searched.split(path.delimiter).filter((folder) => folder !== "");
  const found = folders.map((folder) => path.join(folder, "pulumi")).filter(isExecutable);
  const ofUser = found.find((file) => !file.includes("node_modules"));
  return ofUser ?? found[0] ?? (existsSync(pulumiLauncher) ? pulumiLauncher : undefined);
}

/**
 * Whether a file exists and this user may execute it.
 *
 * @param file its path
 */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
