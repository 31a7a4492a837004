import { InvalidArgumentError, Option, type Command } from "commander";
import { readLog, type LogLine } from "../operations/containerLog.ts";
import type { Explanation } from "../operations/failures/explain.ts";
import { LogExplainer } from "../operations/failures/loggedFailures.ts";
import { readVariantStatuses, type VariantStatus } from "../operations/endpointStatus.ts";
import type { EndpointTarget, TargetOptions } from "../operations/target.ts";
import { AwsError, connect } from "../releases/connection.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import { endpointOf, withEndpoint } from "./endpoint.ts";
import { contextsOf, logsOf } from "./failureContexts.ts";
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
      const client = await logsOf(target);
      const { follow, filter: filterPattern } = options;
      const since = new Date(Date.now() - options.since);
      const explainer = new LogExplainer(contextsOf(await servedVariants(target), options.stack));
      const explained = new Set<string>();
      let lines = 0;
      const range = { since, filterPattern, follow, signal: interruption() };
      for await (const line of readLog(client, logGroupName(target.endpointName), range)) {
        const explanation = explainer.explain(line);
        console.log(options.json ? json(line, explanation) : text(line, explanation, explained));
        lines += 1;
      }
      if (lines === 0 && !follow) console.error("no lines in this time: use --since 1d to look further back");
    });
}

/** A duration: `1h` is an hour. */
function duration(given: string): number {
  const [, amount, unit = ""] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  if (amount === undefined) throw new InvalidArgumentError("use a time like 90s, 30m, 2h or 1d.");
  return Number(amount) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0);
}

/** The variants whose lines are explained; none if the user may not describe the endpoint, which isn't needed to read its log. */
async function servedVariants(target: EndpointTarget): Promise<VariantStatus[]> {
  try {
    return await readVariantStatuses(await connect(target), target.endpointName);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    console.error(printableLine(`warning: explanations don't know the instance type: ${error.message}`));
    return [];
  }
}

function json({ at, stream, text }: LogLine, explanation: Explanation | undefined): string {
  return JSON.stringify({ at, stream, text, ...explanation });
}

/** A failure repeats on every instance and at every attempt, so it is only explained once. */
function text({ at, stream, text: line }: LogLine, known: Explanation | undefined, explained: Set<string>): string {
  const shown = `${at.toISOString().slice(11, 19)} ${printableLine(stream.split("/").at(-1) ?? stream)} ${printableLine(line)}`;
  if (!known || explained.has(known.cause)) return shown;
  explained.add(known.cause);
  const harmless = known.kind === "harmless" ? "harmless: " : "";
  return `${shown}\n→ ${harmless}${printableLine(known.cause)}: ${printableLine(known.remedy)}`;
}

if (import.meta.main) await runCommand("logs", define);
