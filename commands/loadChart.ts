import * as path from "node:path";
import type { Capacity } from "../client/load/findCapacity.ts";
import type { LoadResult } from "../client/load/generateLoad.ts";
import { lineChart, type Chart } from "../client/load/lineChart.ts";
import { describePace, type Pace } from "./loadReport.ts";

/**
 * A chart of latency over time.
 *
 * @param file its file; `.html` makes a page of it, `.svg` an image
 * @param where the target in words
 * @param pace how requests were sent
 * @param result what the load showed
 */
export function loadChart(file: string, where: string, pace: Pace, { intervals, ...result }: LoadResult): string {
  const line = (name: string, value: "p50" | "p99" | "max") => ({
    name,
    points: intervals.flatMap(({ second, latency }) => (latency ? [[second, latency[value]] as const] : [])),
  });
  const failed = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
  return chartFile(file, {
    title: `Latency of ${where}`,
    subtitle: `${describePace(pace)}, ${result.throughput.toFixed(1)} answers a second, ${failed} errors`,
    x: "seconds",
    y: "milliseconds",
    lines: [line("p50", "p50"), line("slowest", "max"), line("p99", "p99")],
  });
}

/**
 * A chart of latency by rate, with the bound.
 *
 * @param file its file; `.html` makes a page of it, `.svg` an image
 * @param where the target in words
 * @param bound the greatest p99 latency, in milliseconds
 * @param capacity what was found
 */
export function capacityChart(file: string, where: string, bound: number, { rate, steps }: Capacity): string {
  // Of a rate that was tried twice, the second run counts.
  const last = [...new Map(steps.map((step) => [step.rate, step])).values()];
  const sorted = last.sort((one, other) => one.rate - other.rate);
  const line = (name: "p50" | "p99") => ({
    name,
    points: sorted.flatMap(({ rate: at, result }) =>
      // Far beyond the bound it only says that the queue grew, and would flatten all else.
      result.latency ? [[at, Math.min(result.latency[name], 4 * bound)] as const] : [],
    ),
  });
  return chartFile(file, {
    title: `Capacity of ${where}`,
    subtitle: `p99 within ${bound} ms up to ${rate} requests a second; latencies are cut off at ${4 * bound} ms`,
    x: "requests a second",
    y: "milliseconds",
    lines: [
      line("p50"),
      line("p99"),
      {
        name: `${bound} ms`,
        dashed: true,
        points: [
          [0, bound],
          [sorted.at(-1)?.rate ?? 1, bound],
        ],
      },
    ],
  });
}

/**
 * Refuses a chart's file before anything is sent.
 *
 * @param file the file
 * @throws Error where its ending is another one
 */
export function refuseOtherCharts(file: string): void {
  if (!/\.(svg|html)$/i.test(file)) throw new Error(`--chart: "${file}" ends in neither .svg nor .html`);
}

function chartFile(file: string, chart: Chart): string {
  const svg = lineChart(chart);
  if (path.extname(file).toLowerCase() === ".svg") return svg;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Load</title>
<style>body { margin: 0; } svg { display: block; max-width: 960px; margin: 2rem auto; }</style>
${svg}</html>
`;
}
