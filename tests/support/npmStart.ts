import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

/** How a process ended, and what it printed to either stream. */
export interface Ended {
  readonly pid: number;
  readonly code: number | null;
  readonly output: string;
}

/** Runs `npm start` in a process of its own; `until` sees its output and may send it a signal. */
export async function npmStart(
  args: readonly string[],
  until?: (output: string, pid: number) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["commands/bin/sagemaker-triton.js", "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      until?.(output, child.pid ?? 0);
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { pid: child.pid ?? 0, code, output };
}

/** The temporary folders that a process of `npm start` has left; other runs may be under way on the same machine. */
export function foldersLeftBy(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`sagemaker-triton-${pid}-`));
}
