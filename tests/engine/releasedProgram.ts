import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import * as path from "node:path";
import { projectFolder, temporaryFolder } from "./workspace.ts";

/** The last commit of 1.0.0, which has no tag: CHANGELOG.md begins after it. */
const first = "ab7462628833304db0afed70d947fe1b2b1b6605^";

/** The commit or tag of the last release; `undefined` where this clone doesn't have it. */
export function lastRelease(): string | undefined {
  const release = git("describe", "--tags", "--abbrev=0", "--match", "v*")?.trim() ?? first;
  return git("cat-file", "-e", release) === undefined ? undefined : release;
}

/**
 * The program as it was, in a folder of its own with this project's packages.
 *
 * @param commit when
 * @returns the folder
 */
export function programAt(commit: string): string {
  const folder = temporaryFolder("released");
  const archive = path.join(folder, "archive.tar");
  execFileSync("git", ["archive", "--output", archive, commit], { cwd: projectFolder });
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  symlinkSync(path.join(projectFolder, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** What a git command prints; `undefined` where it fails. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: projectFolder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
