import type { Command } from "commander";
import { writeFile } from "node:fs/promises";
import { connectTo } from "../operations/connect.ts";
import { findCapacity } from "../operations/load/findCapacity.ts";
import { generateLoad, type LoadOptions, type LoadResult } from "../operations/load/generateLoad.ts";
import { settingsSnippet, suggestSettings, type SuggestedSettings } from "../operations/load/suggestSettings.ts";
import { readTokens } from "../operations/load/streamedAnswer.ts";
import { withServerShare } from "../operations/load/serverShare.ts";
import { answerReader } from "../operations/kserveAnswer.ts";
import { describeTarget, type TargetOptions } from "../operations/target.ts";
import { capacityChart, chartEndings, loadChart } from "./loadChart.ts";
import { describeCapacity, describeLoad, describeProgress } from "./loadReport.ts";
import { namingFile } from "../text/systemError.ts";
import { positive, seconds, wholeNumber } from "./numbers.ts";
import { projectName } from "../preview/stackConfig.ts";
import { projectDirectory } from "./project.ts";
import { fitted } from "./fitted.ts";
import { refuseOutputFile } from "./outputFile.ts";
import { invocationOf, withRequest, type RequestOptions } from "./request.ts";
import { interruption, runCommand } from "./run.ts";
import { withStatusLine } from "./statusLine.ts";
import { targetOf, withTarget } from "./target.ts";

interface Options extends TargetOptions, RequestOptions {
  readonly rate?: number;
  readonly concurrency?: number;
  readonly duration: number;
  readonly warmup: number;
  readonly connections: number;
  readonly timeout: number;
  readonly stream?: boolean;
  readonly findCapacity?: boolean;
  readonly p99?: number;
  readonly startRate: number;
  readonly maxRate: number;
  readonly peak?: number;
  readonly instances: number;
  readonly safetyFactor: number;
  readonly chart?: string;
  readonly json?: boolean;
}

/** `load [file]` */
export function define(command: Command): void {
  withRequest(withTarget(command))
    .description("Send one request repeatedly, and measure latency, throughput and errors.")
    .option("--rate <number>", "requests a second, sent when they are due (open loop)", positive)
    .option(
      "--concurrency <number>",
      "requests in flight at once, each sent after an answer (closed loop)",
      wholeNumber,
    )
    .option("--duration <seconds>", "the duration; with --find-capacity, of each rate", seconds, 10)
    .option("--warmup <seconds>", "the warm-up, which doesn't count", notNegative, 2)
    .option("--connections <number>", "the maximum number of connections of an open loop", wholeNumber, 256)
    .option("--timeout <seconds>", "how long an answer may take", seconds, 60)
    .option("--stream", "read streamed answers, and measure the times of their tokens (generate_stream)")
    .option("--find-capacity", "raise the rate until p99 exceeds --p99, and suggest settings")
    .option("--p99 <milliseconds>", "with --find-capacity: the latency bound", positive)
    .option("--start-rate <number>", "with --find-capacity: the first rate", positive, 8)
    .option("--max-rate <number>", "with --find-capacity: the last rate", positive, 10_000)
    .option(
      "--peak <number>",
      "with --find-capacity: requests a second to plan for (default: the capacity found)",
      positive,
    )
    .option("--instances <number>", "with --find-capacity: how many instances answer", wholeNumber, 1)
    .option("--safety-factor <number>", "with --find-capacity: the fraction of its capacity to use", positive, 0.5)
    .option("--chart <file>", "write a chart to an .svg or .html file")
    .option("--json", "print one JSON document")
    .action(load);
}

async function load(file: string | undefined, options: Options): Promise<void> {
  if (options.rate !== undefined && options.concurrency !== undefined) {
    throw new Error(
      "--rate can't be combined with --concurrency, because one sends requests when they are due and the other after each answer: use one of them",
    );
  }
  if (options.findCapacity && options.p99 === undefined) {
    throw new Error("--find-capacity needs a latency bound: add --p99 <milliseconds>");
  }
  if (options.chart !== undefined) refuseOutputFile("--chart", options.chart, chartEndings);
  const target = await targetOf(options);
  const form = options.form ?? (options.stream ? "json" : undefined);
  const invocation = await invocationOf(file, { ...options, ...(form && { form }) }, target);
  const connections = Math.max(options.connections, options.concurrency ?? 0);
  const sender = await connectTo(target, { timeoutInSeconds: options.timeout, connections, retries: false });
  const signal = interruption();
  const read = answerReader(invocation);
  const url = target.kind === "url" ? target.url : undefined;
  const generate = (how: Omit<LoadOptions, "check" | "tokens">) =>
    options.stream
      ? generateLoad(() => readTokens(sender.stream(invocation)), { ...how, tokens: (times) => times })
      : generateLoad(() => sender.send(invocation), { ...how, check: read });
  const one = (pace: Pick<LoadOptions, "rate" | "concurrency">) =>
    withStatusLine(options.json === true, (show) =>
      withServerShare(url, () =>
        generate({
          ...pace,
          ...{ seconds: options.duration, warmupSeconds: options.warmup, connections: options.connections },
          signal,
          onProgress: (progress) => {
            show(describeProgress(progress));
          },
        }),
      ),
    );
  try {
    // Send one request first: if it is refused or its answer is bad, so are the others.
    await (options.stream ? readTokens(sender.stream(invocation)) : sender.send(invocation).then(read));
    const where = describeTarget(target);
    if (options.findCapacity) await capacity(options, where, (rate) => one({ rate }), signal);
    else await measured(options, where, await one(paceOf(options)));
  } finally {
    sender.close();
  }
}

function paceOf({ rate, concurrency = 1 }: Options): Pick<LoadOptions, "rate" | "concurrency"> {
  return rate === undefined ? { concurrency } : { rate };
}

function writeChart(file: string, chart: string): Promise<void> {
  return namingFile(file, writeFile(file, chart));
}

async function measured(options: Options, where: string, result: LoadResult): Promise<void> {
  if (options.chart !== undefined)
    await writeChart(options.chart, loadChart(options.chart, where, paceOf(options), result));
  const { intervals, ...summary } = result;
  console.log(
    options.json
      ? JSON.stringify({ target: where, ...paceOf(options), ...summary, intervals }, undefined, 2)
      : fitted(describeLoad(where, paceOf(options), result)),
  );
  interruption().throwIfAborted();
  if (result.succeeded === 0) throw new Error("no request was answered");
}

async function capacity(
  options: Options,
  where: string,
  tried: (rate: number) => Promise<LoadResult>,
  signal: AbortSignal,
): Promise<void> {
  const { p99: p99InMilliseconds = 0, startRate, maxRate, peak, instances, safetyFactor } = options;
  const found = await findCapacity(tried, { p99InMilliseconds, startRate, maxRate, signal });
  if (options.chart !== undefined)
    await writeChart(options.chart, capacityChart(options.chart, where, p99InMilliseconds, found));
  const peaks = { ...(peak !== undefined && { peak }), instances, safetyFactor };
  const queue = found.steps.findLast(({ kept, rate }) => kept && rate === found.rate)?.result.server?.queue;
  const suggested = found.rate > 0 ? suggestSettings({ capacity: found.rate, queue, ...peaks }) : undefined;
  console.log(
    options.json
      ? JSON.stringify({ target: where, p99InMilliseconds, ...found, suggested }, undefined, 2)
      : fitted(describeCapacity(where, p99InMilliseconds, found, suggested && snippetOf(suggested))),
  );
  signal.throwIfAborted();
  if (!suggested)
    throw new Error(`p99 exceeds ${p99InMilliseconds} ms at every rate tried: raise --p99, or make the model faster`);
}

function snippetOf(settings: SuggestedSettings): string {
  return settingsSnippet(projectName(projectDirectory()), settings);
}

function notNegative(text: string): number {
  return text === "0" ? 0 : seconds(text);
}

if (import.meta.main) await runCommand("load", define);
