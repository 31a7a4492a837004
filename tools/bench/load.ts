import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import type { Latency } from "../../operations/load/recorder.ts";
import { inBenchFolder } from "./folder.ts";
import { describeMachine } from "./machine.ts";

/** The options of `npm run bench -- load`. */
export interface LoadBenchOptions {
  /** Requests a second. */
  readonly rate: number;
  /** How long each run sends. */
  readonly seconds: number;
  /** How often each load generator runs. */
  readonly runs: number;
  /** Called with the current step. */
  readonly onStep: (step: string) => void;
}

/** What a load generator measured in one run. */
export interface LoadRun {
  /** The requests answered. */
  readonly answers: number;
  /** The processor time of its process. */
  readonly processorSeconds: number;
  /** The latencies as it measured them. */
  readonly latency: Pick<Latency, "p50" | "p99">;
  /** The latencies as the server measured them. */
  readonly known: Pick<Latency, "p50" | "p99">;
}

/**
 * Sends requests of 1 KiB at a rate to a server of known latency, with this project and with other load generators. The
 * server and each run of a generator are processes of their own; the generators alternate.
 *
 * @param options the rate, durations and repetitions
 * @returns the table in Markdown
 * @throws Error if autocannon can't be installed, or a generator fails
 */
export async function benchLoad({ rate, seconds, runs, onStep }: LoadBenchOptions): Promise<string> {
  return inBenchFolder("bench-load-", async (folder) => {
    execFileSync("npm", ["install", "--silent", "--no-audit", "--prefix", folder, AUTOCANNON], { stdio: "inherit" });
    const measured = new Map(contenders.map(({ key }) => [key, [] as LoadRun[]]));
    const server = await startServer();
    try {
      for (let run = 1; run <= runs; run += 1) {
        for (const { key, title } of contenders) {
          onStep(`run ${run} of ${runs}: ${title}`);
          measured.get(key)?.push(await measure(key, server.url, rate, seconds, folder));
        }
      }
    } finally {
      server.stop();
    }
    const [own = []] = measured.values();
    const base = perRequest(median(own, perRequest));
    const rows = contenders.map(({ key, title }) => row(title, measured.get(key) ?? [], rate, base));
    return [describeMachine(), "", ...HEAD, ...rows].join("\n");
  });
}

const AUTOCANNON = "autocannon@8.0.0";

const contenders = [
  { key: "own", title: "this project" },
  { key: "plain", title: "Node's `http`, as k6 sends" },
  { key: "autocannon", title: AUTOCANNON },
] as const;

const HEAD = [
  "| load generator | answers | of a core, % | processor µs per request | × this project | p50 − server's, ms | p99 − server's, ms |",
  `| --- |${" ---: |".repeat(6)}`,
];

/** The processor time is that of the median run, and so is each error. */
function row(title: string, runs: readonly LoadRun[], rate: number, base: number): string {
  const time = perRequest(median(runs, perRequest));
  const error = (key: "p50" | "p99") => {
    const of = ({ latency, known }: LoadRun) => latency[key] - known[key];
    return of(median(runs, of)).toFixed(2);
  };
  const cells = [
    runs.reduce((sum, { answers }) => sum + answers, 0),
    ((time * rate) / 1e4).toFixed(0),
    time.toFixed(0),
    (time / base).toFixed(2),
  ];
  return `| ${[title, ...cells, error("p50"), error("p99")].join(" | ")} |`;
}

/** Microseconds. */
function perRequest({ processorSeconds, answers }: LoadRun): number {
  return (processorSeconds * 1e6) / answers;
}

function median(runs: readonly LoadRun[], of: (run: LoadRun) => number): LoadRun {
  const middle = runs.toSorted((one, other) => of(one) - of(other))[Math.floor(runs.length / 2)];
  if (!middle) throw new Error("at least one run is needed");
  return middle;
}

async function startServer() {
  const child = spawn(process.execPath, [script("loadServer.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await once(lines, "line")) as [string];
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      child.stdin.end();
    },
  };
}

async function measure(key: string, url: string, rate: number, seconds: number, folder: string): Promise<LoadRun> {
  const args = [script("loadClient.ts"), key, url, String(rate), String(seconds), folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "close") as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`${path.basename(args[0] ?? "")} ${key} failed, for the reason above`);
  return JSON.parse(printed) as LoadRun;
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
