// Runs the commands on bad input, each in a process of its own: npm run test:fuzz -- [--seconds 60] [--seed N] [--area NAME] [--runs N]
// Run number n of seed s has the seed s + n, so that a fault is found again by its own seed alone.
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { printable } from "../../text/printable.ts";
import { startHostileServer } from "../support/hostileServer.ts";
import { runMeasured } from "../support/measuredRun.ts";
import { areas, rightAnswer, type Case } from "./areas.ts";
import { faultsOf, type Allowance } from "./judge.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    area: { type: "string" },
    runs: { type: "string" },
  },
});
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const most = Number(values.runs ?? Infinity);
const names = values.area === undefined ? Object.keys(areas) : [values.area];
const end = performance.now() + Number(values.seconds) * 1000;

const root = mkdtempSync(path.join(tmpdir(), "fuzz-"));
const server = await startHostileServer();
const found = new Map<string, number>();
let runs = 0;
try {
  const allowed = await allowance();
  console.log(
    `seed ${firstSeed}, ${names.join(", ")}: ${allowed.seconds.toFixed(1)} s and ${allowed.megabytes} MB each`,
  );
  for (; runs < most && performance.now() < end; runs += 1) {
    const name = names[runs % names.length]!;
    const arbitrary = areas[name];
    if (!arbitrary) throw new Error(`there is no area ${name}: use one of ${Object.keys(areas).join(", ")}`);
    const seed = firstSeed + runs;
    const [one] = fc.sample(arbitrary, { seed, numRuns: 1 });
    const faults = await faultsIn(one!, allowed);
    if (faults.length === 0) continue;
    found.set(name, (found.get(name) ?? 0) + 1);
    const again = `npm run test:fuzz -- --area ${name} --seed ${seed} --runs 1`;
    console.log(printable(`${name}: ${faults.join("; ")}\n  again: ${again}`));
  }
} finally {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
}
const total = [...found.values()].reduce((sum, count) => sum + count, 0);
const counts = [...found].map(([name, count]) => `${name} ${count}`).join(", ");
console.log(`${runs} runs, ${total} with faults${counts === "" ? "" : ` (${counts})`}`);
if (total > 0) process.exitCode = 1;

/** Two seconds of a processor on which a command starts in a third of one; more where it starts more slowly. */
async function allowance(): Promise<Allowance> {
  const times: number[] = [];
  for (let count = 0; count < 3; count += 1) times.push((await runMeasured(["check", "--help"])).seconds);
  const start = times.toSorted((one, other) => one - other)[1]!;
  return { seconds: 2 * Math.max(1, start / 0.3), megabytes: 300, characters: 1_000_000 };
}

async function faultsIn(one: Case, allowed: Allowance): Promise<string[]> {
  const faults = await once(one, allowed);
  // Other work on the machine slows a processor too: what is only slow has to be so twice.
  return faults.length > 0 && faults.every((fault) => fault.includes(" s, allowed")) ? once(one, allowed) : faults;
}

async function once({ files, args, answer }: Case, allowed: Allowance): Promise<string[]> {
  const folder = mkdtempSync(path.join(root, "case-"));
  server.answer = answer ?? rightAnswer;
  try {
    for (const [name, content] of Object.entries(files)) write(path.join(folder, name), content);
    const env = { XDG_CACHE_HOME: path.join(root, "cache") };
    return faultsOf(await runMeasured(args(folder, server.url), { env, limit: 30 }), allowed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file: string, content: Case["files"][string]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (content === "pipe") execFileSync("mkfifo", ["--", file]);
  else if (content instanceof Uint8Array) writeFileSync(file, content);
  else symlinkSync(content.link, file);
}
