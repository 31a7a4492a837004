import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { cacheDirectory } from "../../packing/cacheDirectory.js";

/** How a command ended, and what it printed. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of `spawn` for a process that may hang: it is ended before a test's time limit of two minutes. */
export const endedInTime = { timeout: 110_000, killSignal: "SIGKILL" } as const;

/** Where the processes that tests start find compiled code, even those with a cache of their own. */
export const compiledCode = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? cacheDirectory("compiled") };

/**
 * Runs `sagemaker-triton` in a process of its own.
 *
 * @param args the command and its options
 * @param env what is in its environment beside this process's own
 * @param cwd where the user stands. Default: the project
 * @param user the user that it runs as. Default: the one of this process
 */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...compiledCode, ...env },
    ...endedInTime,
    ...user,
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...printed };
}

/**
 * A user whom the permissions of files concern, as they don't root: this process's own, or else nobody.
 *
 * @returns `undefined` where there is none that can run the project, for example because it lies in root's home
 */
export function unprivilegedUser(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65_534, gid: 65_534 };
  return spawnSync(process.execPath, [bin, "--help"], nobody).status === 0 ? nobody : undefined;
}

const bin = path.resolve("commands/bin/sagemaker-triton.js");
