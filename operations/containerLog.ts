import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "../releases/connection.ts";

/** A line of a container's log. */
export interface LogLine {
  /** When CloudWatch got it. */
  readonly at: Date;
  /** The variant and instance that wrote it: `AllTraffic/i-0123456789abcdef0`. */
  readonly stream: string;
  /** The text of the line. */
  readonly text: string;
}

/** Which lines to read. */
export interface LogRange {
  /** The earliest time to read from. */
  readonly since: Date;
  /**
   * Only lines that match this CloudWatch filter pattern:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html. Default: all.
   */
  readonly filterPattern?: string;
  /** Whether to keep reading as new lines arrive. Default: false. */
  readonly follow?: boolean;
  /** The interval between reads, in milliseconds. Default: 2000. */
  readonly interval?: number;
  /** Stops a read that follows the log. Default: none. */
  readonly signal?: AbortSignal;
}

/** The log group doesn't exist: the endpoint hasn't written anything yet, or there is no such endpoint. */
export class NoLogError extends Error {}

/**
 * Reads a log group, oldest line first. CloudWatch receives lines late and out of order, so each read goes back a
 * minute and skips lines already returned.
 *
 * @param client CloudWatch Logs
 * @param logGroupName the group, for example `/aws/sagemaker/Endpoints/penguins`
 * @param range which lines to read
 * @throws NoLogError if there is no such group
 * @throws AwsError if CloudWatch returns an error
 */
export async function* readLog(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { since, filterPattern, follow = false, interval = 2000, signal }: LogRange,
): AsyncGenerator<LogLine> {
  const told = new Map<string, number>();
  let start = since.getTime();
  for (;;) {
    let latest = start;
    for await (const { id, line } of look(client, logGroupName, start, filterPattern)) {
      latest = Math.max(latest, line.at.getTime());
      if (told.has(id)) continue;
      told.set(id, line.at.getTime());
      // Lines come in the order of their time, so the first ones are those that the next read is least likely to repeat.
      if (told.size > MOST_REMEMBERED) told.delete(told.keys().next().value ?? "");
      yield line;
      if (signal?.aborted) return;
    }
    if (!follow || signal?.aborted) return;
    start = Math.max(since.getTime(), latest - 60_000);
    for (const [id, at] of told) if (at < start) told.delete(id);
    await pause(interval, undefined, { signal }).catch(() => undefined);
    if (isAborted(signal)) return;
  }
}

/** The lines of a minute, which the next read returns again: of ten times what CloudWatch takes from one stream. */
const MOST_REMEMBERED = 100_000;

/** The signal may abort during a read or a pause. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}

async function* look(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
  filterPattern: string | undefined,
): AsyncGenerator<{ id: string; line: LogLine }> {
  const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  let nextToken: string | undefined;
  do {
    const page = await ask(`FilterLogEvents of ${logGroupName}`, () =>
      client.send(new FilterLogEventsCommand({ logGroupName, startTime, filterPattern, nextToken })),
    ).catch((error: unknown) => {
      const { cause } = error as Error;
      if (cause instanceof Error && cause.name === "ResourceNotFoundException") {
        throw new NoLogError(
          `there is no log group ${logGroupName}: the endpoint hasn't written anything yet, or its name or region is wrong`,
        );
      }
      throw error;
    });
    for (const { eventId = "", timestamp = 0, logStreamName = "", message = "" } of page.events ?? []) {
      yield { id: eventId, line: { at: new Date(timestamp), stream: logStreamName, text: message.trimEnd() } };
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}
