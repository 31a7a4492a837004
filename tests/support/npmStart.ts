import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { compiledCode, endedInTime } from "./cli.ts";

/** How a process ended, and what it printed to either stream. */
export interface Ended {
  readonly pid: number;
  readonly code: number | null;
  readonly output: string;
}

/** Runs `npm start`, or another command, in a process of its own; `until` sees its output and may send it a signal. */
export async function npmStart(
  args: readonly string[],
  until?: (output: string, pid: number) => void,
  environment: Readonly<Record<string, string>> = {},
  command = "start",
): Promise<Ended> {
  const child = spawn(process.execPath, ["commands/bin/sagemaker-triton.js", command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...compiledCode, ...environment },
    ...endedInTime,
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

/** Runs `npm run serve`, sends the request that it suggests as it is printed, and ends it with Ctrl-C. */
export async function serveAndTry(args: readonly string[]): Promise<Ended & { readonly answer: string }> {
  let answer: Promise<string> | undefined;
  const ended = await npmStart([...args, "--keep-serving", "--port", "0"], (text, pid) => {
    const [, command] = /Try it:\n {2}(curl .*)\n/.exec(text) ?? [];
    if (command === undefined || answer) return;
    answer = (async () => {
      const curl = spawn("sh", ["-c", `${command} --silent`], { stdio: ["ignore", "pipe", "ignore"] });
      let body = "";
      for await (const piece of curl.stdout) body += String(piece);
      process.kill(pid, "SIGINT");
      return body;
    })();
  });
  return { ...ended, answer: (await answer) ?? "" };
}

/** Sends a signal once the output has a text, and again after 20 ms if asked to. For `npmStart`. */
export function signalAt(text: string, signal: NodeJS.Signals, { twice = false } = {}) {
  let sent = false;
  return (output: string, pid: number) => {
    if (sent || !output.includes(text)) return;
    sent = true;
    process.kill(pid, signal);
    if (twice) setTimeout(() => process.kill(pid, signal), 20);
  };
}

/** The temporary folders that a process of `npm start` has left; other runs may be under way on the same machine. */
export function foldersLeftBy(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`sagemaker-triton-${pid}-`));
}

/** The processes that serve below a folder of an ended process of `npm start`, five seconds after its end at most. */
export async function processesLeftBy(pid: number): Promise<string[]> {
  const end = Date.now() + 5000;
  while (processesBelow(`sagemaker-triton-${pid}-`).length > 0 && Date.now() < end) await sleep(20);
  return processesBelow(`sagemaker-triton-${pid}-`);
}

function processesBelow(place: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(place);
    } catch {
      return false;
    }
  });
}
