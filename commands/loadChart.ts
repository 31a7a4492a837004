import * as path from "node:path";
import type { Capacity } from "../operations/load/findCapacity.ts";
import type { LoadInterval } from "../operations/load/recorder.ts";
import type { LoadResult } from "../operations/load/generateLoad.ts";
import { lineChart, narrowChart, wideChart, type Chart } from "../operations/load/lineChart.ts";
import { escaped } from "../operations/load/svgText.ts";
import { describePace, type Pace } from "./loadReport.ts";

/**
 * Draws a chart of latency over time.
 *
 * @param file its file; `.html` makes a page of it, `.svg` an image
 * @param where the description of the target
 * @param pace how requests were sent
 * @param result the result of the load
 */
export function loadChart(file: string, where: string, pace: Pace, { intervals, ...result }: LoadResult): string {
  const ended = intervals.map((interval) => endedWith(result.seconds, interval));
  const line = (name: string, value: "p50" | "p99" | "max") => ({
    name,
    points: ended.map(({ second, seconds, latency }) => [second + seconds / 2, latency?.[value]] as const),
  });
  const failed = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
  return chartFile(file, {
    title: `Latency of ${where}`,
    subtitle: `${describePace(pace)}, ${result.throughput.toFixed(1)} answers a second, ${failed} errors`,
    x: "seconds",
    y: "milliseconds",
    xEnd: result.seconds,
    // From top to bottom, in the order of the lines.
    lines: [{ ...line("slowest", "max"), beneath: true }, line("p99", "p99"), line("p50", "p50")],
    bands: { name: "errors", ranges: failing(ended) },
    empty: "no request was answered",
  });
}

/**
 * Draws a chart of latency by rate, with the bound.
 *
 * @param file its file; `.html` makes a page of it, `.svg` an image
 * @param where the description of the target
 * @param bound the greatest p99 latency, in milliseconds
 * @param capacity what was found
 */
export function capacityChart(file: string, where: string, bound: number, { rate, steps }: Capacity): string {
  // If a rate was tried twice, the second run counts.
  const last = [...new Map(steps.map((step) => [step.rate, step])).values()];
  const sorted = last.sort((one, other) => one.rate - other.rate);
  const line = (name: "p50" | "p99") => ({
    name,
    points: sorted.flatMap(({ rate: at, result }) =>
      // Far beyond the bound, latency only shows that the queue grew, and would flatten everything else.
      result.latency ? [[at, Math.min(result.latency[name], 4 * bound)] as const] : [],
    ),
  });
  return chartFile(file, {
    title: `Capacity of ${where}`,
    subtitle: `p99 within ${bound} ms up to ${rate} requests a second; latencies are cut off at ${4 * bound} ms`,
    x: "requests a second",
    y: "milliseconds",
    lines: [
      line("p99"),
      line("p50"),
      {
        name: `${bound} ms`,
        dashed: true,
        points: [
          [0, bound],
          [sorted.at(-1)?.rate ?? 1, bound],
        ],
      },
    ],
    empty: "no request was answered",
  });
}

/** The file types of a chart. */
export const chartEndings = [".svg", ".html"];

/** An interval without what lies beyond the end of the test. */
function endedWith(end: number, { second, seconds, ...rest }: LoadInterval): LoadInterval {
  return { ...rest, second, seconds: Math.min(seconds, Math.max(0, end - second)) };
}

/** The intervals in which requests failed; adjacent ones are merged. */
function failing(intervals: readonly LoadInterval[]): [from: number, to: number][] {
  const ranges: [from: number, to: number][] = [];
  for (const { second, seconds } of intervals.filter(({ failed }) => failed > 0)) {
    const last = ranges.at(-1);
    if (last && second - last[1] < seconds / 2) last[1] = second + seconds;
    else ranges.push([second, second + seconds]);
  }
  return ranges;
}

function chartFile(file: string, chart: Chart): string {
  if (path.extname(file).toLowerCase() === ".svg") return lineChart(chart, wideChart);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(chart.title)}</title>
<style>
body { margin: 0; background: #fff; } svg { display: block; margin: 0 auto; }
.wide { max-width: 960px; margin: 2rem auto; } .narrow { display: none; max-width: 480px; margin: 0 auto; }
@media (max-width: 640px) { .wide { display: none; } .narrow { display: block; } }
@media (prefers-color-scheme: dark) { body { background: #16181c; } }
</style>
<div class="wide">
${lineChart(chart, wideChart)}</div>
<div class="narrow">
${lineChart(chart, narrowChart)}</div>
</html>
`;
}
