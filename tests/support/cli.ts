import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";

/** How a command ended, and what it printed. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `sagemaker-triton` in a process of its own.
 *
 * @param args the command and its options
 * @param env what is in its environment beside this process's own
 * @param cwd where the user stands. Default: the project
 */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): Promise<CliRun> {
  const child = spawn(process.execPath, [path.resolve("bin/sagemaker-triton.js"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...printed };
}
