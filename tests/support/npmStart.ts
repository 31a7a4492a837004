import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a process ended, and what it printed to either stream. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `npm start` in a process of its own; `until` sees its output and may send it a signal. */
export async function npmStart(
  args: readonly string[],
  until?: (output: string, pid: number) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["bin/sagemaker-triton.js", "start", ...args], {
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
  return { code, output };
}
