import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** The cost of one run of a command. */
export interface Measurement {
  /** Its duration in seconds. */
  readonly seconds: number;
  /** The processor time of its processes in seconds, which other work on the machine changes less. */
  readonly processorSeconds: number;
  /** The peak memory of its largest process, in bytes. */
  readonly memory: number;
}

/** Runs a command several times and keeps the run of median duration. */
export interface MeasureOptions {
  /** The maximum number of runs. Stops early once they have taken 15 seconds together. */
  readonly runs: number;
  /** Called before each run, for example to remove the last run's output. */
  readonly prepare?: () => void;
}

/**
 * Measures a command as a whole process, in the same way for every contender: Python reports its children's memory.
 *
 * @param command the program and its arguments
 * @param options how often, and what to do before each run
 * @returns the run of median duration
 * @throws Error with the command's output if it fails
 */
export async function measure(command: readonly string[], options: MeasureOptions): Promise<Measurement> {
  const measurements: Measurement[] = [];
  let spent = 0;
  while (measurements.length < options.runs && (measurements.length === 0 || spent < ENOUGH_SECONDS)) {
    options.prepare?.();
    // Flush earlier writes to disk before this run starts.
    execFileSync("sync");
    const measurement = await runOnce(command);
    spent += measurement.seconds;
    measurements.push(measurement);
  }
  measurements.sort((one, other) => one.seconds - other.seconds);
  const median = measurements.at(Math.floor((measurements.length - 1) / 2));
  if (!median) throw new Error("at least one run is needed");
  return median;
}

/**
 * Whether a program is installed.
 *
 * @param program its name
 */
export function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const ENOUGH_SECONDS = 15;
const METER = `
import json, resource, subprocess, sys, time
# A python3 that is a script counts what it started before it became Python.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
begun = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - begun
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
processor = usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime
memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"seconds": seconds, "processorSeconds": processor, "memory": memory}))
sys.exit(code)`;

async function runOnce(command: readonly string[]): Promise<Measurement> {
  // A group of its own, which ends with this process: what it measures may run for minutes.
  const child = spawn("python3", ["-c", METER, ...command], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  // Before the folder that it writes to is removed.
  process.prependOnceListener("exit", end);
  const printed = { output: "", errors: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed.errors += chunk.toString()));
  const [code] = (await once(child, "close").finally(() => process.off("exit", end))) as [number | null];
  if (code !== 0) throw new Error(`${command.join(" ")} failed: ${printed.errors}`);
  return JSON.parse(printed.output) as Measurement;
}
