import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { CliRun } from "./cli.ts";

/** How a command ended, what it printed, and what it took. */
export interface MeasuredRun extends CliRun {
  /** The time on a processor, in seconds, which other work on the machine doesn't change; 0 if it was killed. */
  readonly seconds: number;
  /** The most memory that it had, in megabytes; 0 if it was killed. */
  readonly megabytes: number;
}

/** How to run a command. */
export interface MeasuredOptions {
  /** What is in its environment beside this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** The user's working directory. Default: the project. */
  readonly cwd?: string;
  /** When it is killed, in seconds. Default: 60. */
  readonly limit?: number;
}

/**
 * Runs `sagemaker-triton` in a process of its own, and measures its time and memory. A command that doesn't end in time
 * is killed: its code is then `null`.
 *
 * @param args the command and its options
 * @param options how
 */
export async function runMeasured(args: readonly string[], options: MeasuredOptions = {}): Promise<MeasuredRun> {
  const { env = {}, cwd = process.cwd(), limit = 60 } = options;
  const child = spawn(process.execPath, ["--import", preloaded, bin, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), limit * 1000);
  const closed = once(child, "close") as Promise<[number | null]>;
  const outputs = child.stdio.slice(1).map((output) => text(output as Readable));
  const [stdout = "", stderr = "", report = ""] = await Promise.all(outputs);
  const [code] = await closed;
  clearTimeout(timer);
  const [kilobytes = 0, microseconds = 0] = report.split(" ").map(Number);
  return { code, stdout, stderr, seconds: microseconds / 1e6, megabytes: kilobytes / 1024 };
}

const bin = path.resolve("commands/bin/sagemaker-triton.js");
const preloaded = path.resolve("tests/support/reportPeak.ts");
