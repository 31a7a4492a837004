import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Plan } from "../plan.ts";

const run = promisify(execFile);

/** The largest plan that is read, in bytes: far more than a stack of 100 variants prints. */
const maxBuffer = 256 * 2 ** 20;

/**
 * Plans a stack as an earlier commit has it: that commit's program with its own settings and model, in a working tree of
 * its own, which is removed in any case. Its packages are those of this project if both have the same lock file;
 * otherwise they are installed there.
 *
 * @param directory the project's folder, in a git repository
 * @param ref the commit, branch or tag
 * @param stack the stack's name
 * @param signal ends the run early
 * @throws Error if there is no such commit, or its program can't plan the stack
 */
export async function planOfRef(directory: string, ref: string, stack: string, signal?: AbortSignal): Promise<Plan> {
  const git = async (...args: string[]) =>
    (await run("git", ["-C", directory, ...args], { maxBuffer, ...(signal && { signal }) })).stdout.trim();
  const commit = await git("rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`).catch((error: unknown) => {
    throw new Error(`${ref}: isn't a commit of this project's git repository: ${lastLine(error)}`);
  });
  const inside = await git("rev-parse", "--show-prefix");
  const tree = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-ref-"));
  try {
    await git("worktree", "add", "--quiet", "--detach", "--force", tree, commit);
    const project = path.join(tree, inside);
    await providePackages(directory, project, signal);
    const args = ["run", "--silent", "plan", "--", "--stack", stack, "--json"];
    const environment = { ...process.env, INIT_CWD: project };
    const options = { cwd: project, env: environment, maxBuffer, ...(signal && { signal }) };
    const { stdout } = await run("npm", args, options).catch((error: unknown) => {
      throw new Error(`${ref}: its program can't plan the stack ${stack}: ${lastLine(error)}`);
    });
    return JSON.parse(stdout) as Plan;
  } finally {
    rmSync(tree, { recursive: true, force: true });
    await run("git", ["-C", directory, "worktree", "prune"]);
  }
}

/** A link to this project's packages if they are the same, and an installation of its own if not. */
async function providePackages(directory: string, project: string, signal?: AbortSignal): Promise<void> {
  const lockFile = (folder: string) => path.join(folder, "package-lock.json");
  const lock = (folder: string) => existsSync(lockFile(folder)) && readFileSync(lockFile(folder), "utf8");
  const own = path.join(directory, "node_modules");
  if (lock(project) === lock(directory) && existsSync(own)) {
    symlinkSync(own, path.join(project, "node_modules"), "dir");
    return;
  }
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: project, maxBuffer, ...(signal && { signal }) });
}

/** The command's own last words, without npm's. */
function lastLine(error: unknown): string {
  const { stderr = "", message } = error as { readonly stderr?: string; readonly message: string };
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("npm "));
  return (lines.at(-1) ?? message).replace(/^(error|fatal): /, "");
}
