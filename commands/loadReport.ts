import type { Capacity } from "../operations/load/findCapacity.ts";
import type { LoadOptions, LoadProgress, LoadResult } from "../operations/load/generateLoad.ts";
import { boundOf, type ServerShare } from "../operations/load/serverShare.ts";
import type { Latency } from "../operations/load/recorder.ts";

/** How requests were sent: at a rate, or a number at once. */
export type Pace = Pick<LoadOptions, "rate" | "concurrency">;

/**
 * Formats the result of a load for people.
 *
 * @param where the target in words
 * @param pace how requests were sent
 * @param result the result
 */
export function describeLoad(where: string, pace: Pace, result: LoadResult): string {
  const { succeeded, seconds, throughput, latency } = result;
  return [
    `${where}, ${describePace(pace)}, ${seconds.toFixed(0)} s:`,
    `  answers     ${succeeded} (${throughput.toFixed(1)}/s)`,
    `  errors      ${describeFailures(result)}`,
    ...(latency ? [`  latency     ${describeLatency(latency)}`] : []),
    ...describeTokens(result),
    ...(result.server ? describeShare(result.server) : []),
    ...(result.busy > 0.9
      ? [`  note        this process was ${Math.round(result.busy * 100)} % busy: it may be the bottleneck`]
      : []),
    ...(result.lateness && result.lateness.p99 > LATE
      ? [
          `  note        1 % of the requests were sent more than ${milliseconds(result.lateness.p99)} late, which isn't counted: this machine is busy`,
        ]
      : []),
  ].join("\n");
}

function describeTokens({ tokens, seconds }: LoadResult): string[] {
  if (!tokens) return [];
  const { count, first, between } = tokens;
  return [
    `  first token ${describeLatency(first)}`,
    ...(between ? [`  between     ${describeLatency(between)}`] : []),
    `  tokens      ${count} (${(count / seconds).toFixed(1)}/s)`,
  ];
}

/** More than a timer's own lateness, in milliseconds. */
const LATE = 10;

function describeShare(share: ServerShare): string[] {
  const parts = [
    `queue ${milliseconds(share.queue)}`,
    `compute ${milliseconds(share.compute)}`,
    `network ${milliseconds(share.network)}`,
  ];
  return [`  on average  ${parts.join("  ")}`, `  bound by    ${boundOf(share)}`];
}

/**
 * Formats a server's capacity for people.
 *
 * @param where the target in words
 * @param bound the greatest p99 latency, in milliseconds
 * @param capacity what was found
 * @param snippet lines for the stack's file; absent if it stayed within the bound at no rate
 */
export function describeCapacity(
  where: string,
  bound: number,
  { rate, isLowerBound, endedEarly, steps }: Capacity,
  snippet?: string,
): string {
  const rows = steps.flatMap(({ rate: tried, kept, result }) => [
    `  ${String(tried).padStart(7)}/s  ${kept ? "kept    " : "too much"}  p99 ${milliseconds(result.latency?.p99)}  ${result.throughput.toFixed(1)}/s answered`,
    ...(Object.keys(result.failures).length > 0 ? [`             errors: ${describeFailures(result)}`] : []),
  ]);
  const more = isLowerBound ? " or more (raise --max-rate)" : endedEarly ? " or more (ended early)" : "";
  const found = `${rate} requests a second${more}`;
  return [
    `${where}, p99 within ${bound} ms:`,
    ...rows,
    ...(snippet === undefined ? [] : [`It stays within that up to ${found}. In the stack's file:`, "", snippet]),
  ].join("\n");
}

/**
 * Formats the progress of a load as one line.
 *
 * @param progress the progress
 */
export function describeProgress({ second, recorder }: LoadProgress): string {
  if (second < 0) return `warming up, ${Math.ceil(-second)} s left`;
  const { latency, succeeded, failed } = recorder;
  const rate = second > 0 ? succeeded / second : 0;
  return `${second.toFixed(0)} s · ${rate.toFixed(1)}/s · p50 ${milliseconds(latency?.p50)} · p99 ${milliseconds(latency?.p99)} · ${failed} errors`;
}

/**
 * How requests were sent, in words.
 *
 * @param pace how
 */
export function describePace({ rate, concurrency = 1 }: Pace): string {
  return rate === undefined ? `${concurrency} at once` : `${rate} requests a second`;
}

/**
 * Counts the failed requests by kind.
 *
 * @param result the result
 */
export function describeFailures({ failures }: Pick<LoadResult, "failures">): string {
  const kinds = Object.entries(failures).sort(([, one], [, other]) => other - one);
  return kinds.length === 0 ? "none" : kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

/**
 * Formats latencies as one line.
 *
 * @param latency the latencies
 */
export function describeLatency({ p50, p90, p99, p999, max }: Latency): string {
  const values = { p50, p90, p99, "p99.9": p999, max };
  return Object.entries(values)
    .map(([name, value]) => `${name} ${milliseconds(value)}`)
    .join("  ");
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "–" : `${value < 100 ? value.toFixed(2) : value.toFixed(0)} ms`;
}
