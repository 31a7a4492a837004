import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import * as path from "node:path";
import { projectFolder, temporaryFolder } from "./workspace.ts";

/** The last commit of 1.0.0, which has no tag: CHANGELOG.md begins after it. */
const first = "ab7462628833304db0afed70d947fe1b2b1b6605^";

/**
 * The program of the last release, in a folder of its own with this project's packages.
 *
 * @returns the folder; `undefined` where this clone doesn't have the commit
 */
export function releasedProgram(): string | undefined {
  const commit = git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD")?.trim() ?? first;
  const archive = path.join(temporaryFolder("released"), "archive.tar");
  if (git("archive", "--output", archive, commit) === undefined) return undefined;
  const folder = temporaryFolder("released");
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
