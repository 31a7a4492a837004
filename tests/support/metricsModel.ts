import { execFileSync } from "node:child_process";

const script = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "packing/serverMetrics/1")
import model
options, readings, milliseconds = json.load(sys.stdin)
report = model.Report(options, "sagemaker-triton-metrics")
printed = []
for kind, text in readings:
    if kind == "begin": report.begin(text)
    elif kind == "sample": report.sample(text)
    else: printed.append(report.lines(text, milliseconds))
json.dump(printed, sys.stdout)
`;

/** A reading of the server's metrics: the first of all, one within a period, or the one that ends it. */
export type Reading = readonly ["begin" | "sample" | "period", string];

/**
 * The lines that the model prints in each period.
 *
 * @param readings what it reads from the server
 * @param options what its environment tells it
 * @param milliseconds the time of the lines
 */
export function printedPeriods(readings: readonly Reading[], options: object, milliseconds = 1.7e12): string[][] {
  const input = JSON.stringify([options, readings, milliseconds]);
  return JSON.parse(execFileSync("python3", ["-c", script], { input, encoding: "utf8" })) as string[][];
}
