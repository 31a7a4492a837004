import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { isExecutable } from "../../operations/pulumiCli.ts";

/** A Pulumi CLI on this machine. */
export interface PulumiCli {
  /** Its path. */
  readonly executable: string;
  /** For example `3.260.0`. */
  readonly version: string;
}

/** How a run of the CLI ended. */
export interface CliResult {
  /** The exit code; `null` where it was killed. */
  readonly code: number | null;
  /** What it printed to either stream. */
  readonly output: string;
}

/**
 * The Pulumi CLI that comes first on the PATH, if there is one with a language host for Node.js. What lies in
 * `node_modules` is left out: only a CLI that somebody installed counts.
 */
export function findPulumi(searchPath = process.env.PATH ?? ""): PulumiCli | undefined {
  const folders = searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== "" && !folder.includes("node_modules"));
  const folder = folders.find((candidate) => isExecutable(path.join(candidate, "pulumi")));
  if (folder === undefined) return undefined;
  const executable = path.join(folder, "pulumi");
  const env = { PATH: searchPath, HOME: process.env.HOME, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const version = execFileSync(executable, ["version"], { encoding: "utf8", env }).trim().replace(/^v/, "");
  return { executable, version };
}

/** A run of the CLI that has begun. */
export class CliRun {
  /** How it ends. */
  readonly ended: Promise<CliResult>;
  readonly #child: ChildProcess;

  /**
   * @param executable the CLI
   * @param args its arguments
   * @param env its whole environment
   */
  constructor(executable: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    // A process group of its own, as a terminal gives it one.
    this.#child = spawn(executable, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code) => {
        resolve({ code, output });
      });
    });
  }

  /** What Ctrl-C in a terminal does: the signal reaches everything that it started. */
  interrupt(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGINT");
  }

  /** Ends it at once with everything that it started, as `kill -9` and a machine that goes down do. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    // Once it has ended, its number may be another process's.
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    for (const process of withDescendants(pid)) killIfThere(process);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function withDescendants(root: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => {
        const parent = parentOf(entry);
        return parent === undefined ? [] : [[Number(entry), parent] as const];
      }),
  );
  const found = [root];
  for (const pid of found) found.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** The fourth field of /proc/<pid>/stat; the second is the command in brackets and may hold anything. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
