import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { logGroupName } from "../../sagemaker/monitoring.ts";
import { NoLogError, readLog, type LogLine } from "../containerLog.ts";
import type { EndpointStatus } from "../endpointStatus.ts";
import { loggedFailures, type ContextOf } from "./loggedFailures.ts";

/**
 * The log of a release begins well before SageMaker gives it up: a container may take an hour to start.
 * Source: ContainerStartupHealthCheckTimeoutInSeconds and ModelDataDownloadTimeoutInSeconds in
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
const LONGEST_START = 2 * 3_600_000;

/** The lines to read at most: a container that starts over and over writes about a hundred each time. */
const MOST_LINES = 20_000;

/** The failures to report at most. */
const REPORTED = 3;

/** The characters of a line to show at most. */
const SHOWN = 300;

/**
 * Whether an endpoint's log may say why something went wrong.
 *
 * @param endpoint the endpoint
 */
export function isFailing({ status, failureReason }: EndpointStatus): boolean {
  return status !== undefined && (status !== "InService" || failureReason !== undefined);
}

/**
 * Says what the log of a failing endpoint gives as reasons, in a sentence for each.
 *
 * @param client CloudWatch Logs
 * @param endpoint the endpoint
 * @param contextOf the surroundings of each variant
 * @param since the earliest time to read from. Default: the start of the last change
 * @returns a sentence for each failure, three at most; one that says why, if the log can't be read
 */
export async function failureAdvice(
  client: CloudWatchLogsClient,
  { endpointName, changedAt = new Date() }: EndpointStatus,
  contextOf: ContextOf,
  since = new Date(changedAt.getTime() - LONGEST_START),
): Promise<string[]> {
  try {
    const lines = firstOf(readLog(client, logGroupName(endpointName), { since }), MOST_LINES);
    const failures = await loggedFailures(lines, contextOf);
    return failures
      .slice(0, REPORTED)
      .map(({ stream, text, cause, remedy }) => `${stream} logged "${shortened(text)}": ${cause}: ${remedy}.`);
  } catch (error) {
    if (error instanceof NoLogError) return [];
    return [`The container's log can't be read, so only SageMaker's own reason is known: ${(error as Error).message}`];
  }
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

async function* firstOf(lines: AsyncIterable<LogLine>, count: number): AsyncGenerator<LogLine> {
  let left = count;
  for await (const line of lines) {
    yield line;
    left -= 1;
    if (left === 0) return;
  }
}
