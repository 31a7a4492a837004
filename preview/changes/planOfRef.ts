import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import { makeFolders } from "../../packing/makeFolders.js";
import type { Plan } from "../plan.ts";
import { readPlan } from "./savedPlan.ts";

const run = promisify(execFile);

/** The largest plan that is read, in bytes: far more than a stack of 100 variants prints. */
const maxBuffer = 256 * 2 ** 20;

const anHour = 3_600_000;

/** Options of {@link planOfRef}. */
export interface RefOptions {
  /** The project's folder, in a git repository. */
  readonly directory: string;
  /** The commit, branch or tag. */
  readonly ref: string;
  /** The stack's name. */
  readonly stack: string;
  /** Told what takes long. */
  readonly tell: (message: string) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/**
 * Plans a stack as an earlier commit has it: that commit's program with its own settings and model, in a working tree of
 * its own, which is removed in any case. Its packages are those of this project if both have the same lock file;
 * otherwise they are installed there.
 *
 * @param options what to plan
 * @throws Error if there is no such commit, or its program can't plan the stack
 */
export async function planOfRef({ directory, ref, stack, tell, signal }: RefOptions): Promise<Plan> {
  const git = async (...args: string[]) =>
    (
      await run("git", ["-C", directory, "-c", "core.hooksPath=/dev/null", ...args], { maxBuffer, signal })
    ).stdout.trim();
  const top = await git("rev-parse", "--show-toplevel").catch((error: unknown) => {
    throw new Error(`${directory}: isn't in a git repository, which --against needs: ${lastLine(error)}`);
  });
  const commit = await git("rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`).catch(async () => {
    const shallow = (await git("rev-parse", "--is-shallow-repository")) === "true";
    const note = shallow ? ", whose history isn't here: the clone is shallow, so fetch the commit first" : "";
    throw new Error(`${ref}: isn't a commit, branch or tag of the git repository ${top}${note}`);
  });
  const inside = await git("rev-parse", "--show-prefix");
  const tree = newTree(top);
  try {
    await git("worktree", "add", "--quiet", "--detach", "--force", tree, commit);
    const project = path.join(tree, inside);
    await providePackages(directory, project, ref, { tell, signal });
    return await planIn(project, ref, stack, signal);
  } finally {
    rmSync(tree, { recursive: true, force: true });
    await run("git", ["-C", directory, "worktree", "prune"]);
  }
}

/** Always the same one of a repository, so that what Node.js has compiled and what is packed stays known. */
function newTree(top: string): string {
  const trees = cacheDirectory("trees");
  makeFolders(trees, 0o700);
  const usual = path.join(trees, createHash("sha256").update(top).digest("hex").slice(0, 16));
  const made = statSync(usual, { throwIfNoEntry: false })?.mtimeMs;
  // Of a run that was killed.
  if (made !== undefined && Date.now() - made > anHour) rmSync(usual, { recursive: true, force: true });
  try {
    mkdirSync(usual);
    return usual;
  } catch {
    // Another run of this command has it.
    return mkdtempSync(`${usual}-`);
  }
}

/** As npm does, but without npm's own half second. */
async function planIn(project: string, ref: string, stack: string, signal: AbortSignal): Promise<Plan> {
  const file = path.join(project, "package.json");
  const { scripts = {} } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Scripts;
  if (scripts.plan === undefined) {
    throw new Error(`${ref}: has no command plan yet in its package.json, so there is nothing to compare with`);
  }
  const searchPath = [path.join(project, "node_modules/.bin"), process.env.PATH ?? ""].join(path.delimiter);
  const options = { cwd: project, env: { ...process.env, PATH: searchPath, INIT_CWD: project }, maxBuffer, signal };
  const args = ["-c", `${scripts.plan} "$@"`, "plan", "--stack", stack, "--json"];
  const { stdout } = await run("sh", args, options).catch((error: unknown) => {
    throw new Error(`${ref}: its program can't plan the stack ${stack}: ${lastLine(error)}`);
  });
  return readPlan(stdout, `${ref}: its command plan prints no plan that this one can read`);
}

interface Scripts {
  readonly scripts?: { readonly plan?: string };
}

/** A link to this project's packages if they are the same, and an installation of its own if not. */
async function providePackages(
  directory: string,
  project: string,
  ref: string,
  { tell, signal }: Pick<RefOptions, "tell" | "signal">,
): Promise<void> {
  const lockFile = (folder: string) => path.join(folder, "package-lock.json");
  const lock = (folder: string) => existsSync(lockFile(folder)) && readFileSync(lockFile(folder), "utf8");
  const own = path.join(directory, "node_modules");
  if (lock(project) === lock(directory) && existsSync(own)) {
    symlinkSync(own, path.join(project, "node_modules"), "dir");
    return;
  }
  tell(`${ref}: has another package-lock.json, so its own packages are installed, which takes a while`);
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: project, maxBuffer, signal }).catch((error: unknown) => {
    throw new Error(
      `${ref}: its package-lock.json is another one, and its packages can't be installed: ${npmsReason(error)}`,
    );
  });
}

/** The command's own last words. */
function lastLine(error: unknown): string {
  const { stderr = "", message } = error as ProcessError;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.at(-1) ?? message).replace(/^(error|fatal): /, "");
}

/** npm's last lines name its log, and its first one a code. */
function npmsReason(error: unknown): string {
  const { stderr = "", message } = error as ProcessError;
  const lines = stderr.split("\n").flatMap((line) => /^npm error (?!code |A complete log)(\S.*)/.exec(line)?.[1] ?? []);
  return lines[0] ?? message;
}

interface ProcessError {
  readonly stderr?: string;
  readonly message: string;
}
