import type { ReplayReport } from "../operations/replay/replay.ts";
import { shortLine } from "./answer.ts";
import { describeFailures, describeLatency } from "./loadReport.ts";

/**
 * Formats the result of a replay for people.
 *
 * @param traffic the location of the traffic
 * @param report the result
 */
export function describeReplay(traffic: string, report: ReplayReport): string {
  const { records, compared, changed, outputs, examples, latency, messages, skipped, skippedBecause } = report;
  return [
    `${traffic}: ${records} records`,
    `  compared    ${compared}`,
    `  changed     ${changed}`,
    ...firstOf(
      Object.entries(outputs).map(
        ([name, output]) =>
          `    ${shortLine(name)}: ${output.changed}${output.distance === undefined ? "" : `, by ${Number(output.distance.toPrecision(3))} at most`}`,
      ),
    ),
    ...examples.map(
      ({ place, differences, count }) =>
        `    ${place}: ${differences.map(({ output, message }) => `${shortLine(output)}${message}`).join("; ")}${count > differences.length ? `; and ${count - differences.length} more` : ""}`,
    ),
    `  errors      ${describeFailures(report)}`,
    ...messages.map((message) => `    ${message}`),
    ...(skipped > 0 ? [`  skipped     ${skipped} (${skippedBecause ?? ""})`] : []),
    ...(latency ? [`  latency     ${describeLatency(latency)}`] : []),
  ].join("\n");
}

function firstOf(lines: readonly string[]): string[] {
  const more = lines.length - 20;
  return more > 0 ? [...lines.slice(0, 20), `    and ${more} more outputs`] : [...lines];
}
