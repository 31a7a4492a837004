import { InvalidArgumentError, Option, type Command } from "commander";
import { awsSettings } from "../operations/awsSettings.ts";
import { readLog, type LogLine } from "../operations/containerLog.ts";
import { explainLine } from "../operations/logCauses.ts";
import type { TargetOptions } from "../operations/target.ts";
import { boundAnswers } from "../releases/boundedClient.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import { endpointOf, withEndpoint } from "./endpoint.ts";
import { printableLine } from "../text/printable.ts";
import { interruption, runCommand } from "./run.ts";

interface Options extends TargetOptions {
  readonly since: number;
  readonly follow: boolean;
  readonly filter?: string;
  readonly json?: boolean;
}

/** `logs` */
export function define(command: Command): void {
  withEndpoint(command)
    .description("Print the container's log and follow it; known failures are explained below their line.")
    .addOption(
      new Option("--since <time>", "how far back: 30m, 2h or 1d").argParser(duration).default(duration("15m"), "15m"),
    )
    .option("--no-follow", "exit after printing the existing lines")
    .option("--filter <pattern>", "only lines that match a CloudWatch filter pattern, for example ERROR")
    .option("--json", "print one JSON document per line")
    .action(async (options: Options) => {
      const target = await endpointOf(options);
      const { region, profile, endpointName } = target;
      const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
      const client = boundAnswers(new CloudWatchLogsClient(awsSettings({ region, profile })), {
        milliseconds: READ_MILLISECONDS,
      });
      const { follow, filter: filterPattern } = options;
      const since = new Date(Date.now() - options.since);
      const explained = new Set<string>();
      let lines = 0;
      const range = { since, filterPattern, follow, signal: interruption() };
      for await (const line of readLog(client, logGroupName(endpointName), range)) {
        console.log(options.json ? json(line) : text(line, explained));
        lines += 1;
      }
      if (lines === 0 && !follow) console.error("no lines in this time: use --since 1d to look further back");
    });
}

/** The time for one page of lines. */
const READ_MILLISECONDS = 30_000;

/** A duration: `1h` is an hour. */
function duration(given: string): number {
  const [, amount, unit = ""] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  if (amount === undefined) throw new InvalidArgumentError("use a time like 90s, 30m, 2h or 1d.");
  return Number(amount) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0);
}

function json({ at, stream, text }: LogLine): string {
  return JSON.stringify({ at, stream, text, ...explainLine(text) });
}

/** A failure repeats on every instance and at every attempt, so it is only explained once. */
function text({ at, stream, text: line }: LogLine, explained: Set<string>): string {
  const known = explainLine(line);
  const shown = `${at.toISOString().slice(11, 19)} ${printableLine(stream.split("/").at(-1) ?? stream)} ${printableLine(line)}`;
  if (!known || explained.has(known.cause)) return shown;
  explained.add(known.cause);
  return `${shown}\n→ ${known.cause}: ${known.remedy}`;
}

if (import.meta.main) await runCommand("logs", define);
