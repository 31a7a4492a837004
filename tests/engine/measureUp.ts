// Measures an unchanged `pulumi up` of dev on the real engine: the program's process, and the whole command.
//
//     node tests/engine/measureUp.ts [runs]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine } from "../../tools/bench/machine.ts";
import { serve } from "./stacks.ts";

const runs = Number(process.argv[2] ?? 9);
const folder = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-times-"));
const times = path.join(folder, "times");
const preload = fileURLToPath(new URL("processTime.js", import.meta.url));
const stack = await serve("dev", {});
try {
  const whole: number[] = [];
  // The first run fills the caches and doesn't count.
  for (let run = 0; run <= runs; run += 1) {
    if (run === 1) rmSync(times);
    const start = performance.now();
    const { code, output, operations } = await stack.up({
      // A run that may be interrupted has a process of its own.
      begun: () => undefined,
      env: { NODE_OPTIONS: `--import=${preload}`, PROCESS_TIMES: times },
    });
    if (code !== 0 || operations.length > 0) throw new Error(`not an unchanged update:\n${output}`);
    if (run > 0) whole.push(performance.now() - start);
  }
  const ours = readFileSync(times, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const [took, computed] = [0, 1].map((column) => ours.map((row) => row[column] ?? Number.NaN));
  console.log(
    `${describeMachine()} The process takes ${median(took)} s and computes ${median(computed)} s, the command takes ${median(whole)} s (medians of ${runs} runs)`,
  );
} finally {
  await stack.remove();
  rmSync(folder, { recursive: true });
}

function median(milliseconds: readonly number[] = []): string {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  return ((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) / 1000).toFixed(2);
}
