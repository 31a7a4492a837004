import type { ReplayReport } from "../operations/replay/replay.ts";
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
    ...Object.entries(outputs).map(
      ([name, output]) =>
        `    ${name}: ${output.changed}${output.distance === undefined ? "" : `, by ${Number(output.distance.toPrecision(3))} at most`}`,
    ),
    ...examples.map(
      ({ place, differences }) =>
        `    ${place}: ${differences.map(({ output, message }) => `${output}${message}`).join("; ")}`,
    ),
    `  errors      ${describeFailures(report)}`,
    ...messages.map((message) => `    ${message}`),
    ...(skipped > 0 ? [`  skipped     ${skipped} (${skippedBecause ?? ""})`] : []),
    ...(latency ? [`  latency     ${describeLatency(latency)}`] : []),
  ].join("\n");
}
