import { InvalidArgumentError, Option, type Command } from "commander";
import * as path from "node:path";
import { httpSender } from "../operations/httpSender.ts";
import { readCaptured } from "../operations/replay/captured.ts";
import { replay, type ReplayReport } from "../operations/replay/replay.ts";
import { plannedModel, withUnpacked } from "../local/plannedModel.ts";
import { provideModels } from "../local/provideModels.ts";
import { startTriton } from "../local/startTriton.ts";
import { installTriton } from "../local/triton.ts";
import { tritonOfRun } from "../local/tritonOfRun.ts";
import { dataCapturePrefix } from "../sagemaker/dataCapture.ts";
import { seconds, wholeNumber } from "./numbers.ts";
import { fitted } from "./fitted.ts";
import { plannedStack } from "./plannedStack.ts";
import { projectDirectory } from "./project.ts";
import { describeReplay } from "./replayReport.ts";
import { servedSettings } from "./servedSettings.ts";
import { interruption, runCommand } from "./run.ts";
import { withStatusLine } from "./statusLine.ts";
import { targetOf } from "./target.ts";

interface Options {
  readonly stack?: string;
  readonly configFile?: string;
  readonly variant?: string;
  readonly modelRepository?: string;
  readonly defaultModel?: string;
  readonly url?: string;
  readonly region?: string;
  readonly limit?: number;
  readonly concurrency: number;
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxChanged: MostChanged;
  readonly timeout: number;
  readonly json?: boolean;
}

/** How many answers may change, as a number or as a fraction of those compared. */
interface MostChanged {
  readonly text: string;
  readonly of: (compared: number) => number;
}

/** `replay [traffic]` */
export function define(command: Command): void {
  command
    .description("Send captured traffic to a candidate on this machine's Triton, and report the answers that change.")
    .argument("[traffic]", "a folder or file of captured traffic, or s3://bucket/prefix (default: the stack's bucket)")
    .option("--stack <name>", "the stack, whose bucket has the traffic and whose planned model is the candidate")
    .option("--config-file <file>", "the stack's configuration file, instead of Pulumi.<name>.yaml", absolute)
    .option("--variant <name>", "the variant that is the candidate, if the stack has several")
    .option("--model-repository <folder>", "the candidate's model repository, instead of the stack's")
    .option("--default-model <name>", "the model that answers, instead of the stack's defaultModelName")
    .option("--url <address>", "a server with the candidate, instead of this machine's Triton")
    .option("--region <name>", "the bucket's region (default: the stack's, or AWS's own default)")
    .option("--limit <number>", "the maximum number of records to read", wholeNumber)
    .option("--concurrency <number>", "requests in flight at once; 1 keeps their order", wholeNumber, 8)
    .option("--relative-tolerance <number>", "the relative tolerance for floats", part, 1e-4)
    .option("--absolute-tolerance <number>", "the absolute tolerance for floats", part, 1e-6)
    .addOption(
      new Option("--max-changed <number>", "how many answers may change or fail: 5, or 0.1%")
        .argParser(mostChanged)
        .default(mostChanged("0"), "0"),
    )
    .option("--timeout <seconds>", "how long an answer may take", seconds, 60)
    .option("--json", "print one JSON document")
    .action(replayTraffic);
}

async function replayTraffic(given: string | undefined, options: Options): Promise<void> {
  const { traffic, account } = await trafficOf(given, options);
  const report = await withCandidate(options, (url) => replayTo(url, traffic, account, options));
  const { maxChanged, json } = options;
  console.log(json ? JSON.stringify(report, undefined, 2) : fitted(describeReplay(traffic, report)));
  interruption().throwIfAborted();
  const failed = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
  if (report.compared + failed === 0) throw nothingReplayed(report);
  const wrong = report.changed + failed;
  if (wrong > maxChanged.of(report.compared + failed)) {
    throw new Error(`${wrong} answers changed or failed, more than --max-changed ${maxChanged.text}`);
  }
}

async function replayTo(
  url: string,
  traffic: string,
  account: { readonly region?: string; readonly profile?: string },
  options: Options,
): Promise<ReplayReport> {
  const { relativeTolerance: relative, absoluteTolerance: absolute, concurrency, limit, timeout } = options;
  const sender = httpSender(url, { timeoutInSeconds: timeout, connections: concurrency });
  let last = 0;
  try {
    return await withStatusLine(options.json === true, (show) =>
      replay(readCaptured(traffic, account), sender.send, {
        ...{ tolerance: { relative, absolute }, concurrency, signal: interruption() },
        ...(limit !== undefined && { limit }),
        onRecord: (records, changed) => {
          if (performance.now() - last < 500) return;
          last = performance.now();
          show(`${records} records, ${changed} changed`);
        },
      }),
    );
  } finally {
    sender.close();
  }
}

function nothingReplayed({ records, skippedBecause }: ReplayReport): Error {
  if (skippedBecause === undefined) return new Error("there is no record to replay");
  return new Error(`none of ${records} records has a request and an answer: ${skippedBecause}`);
}

/** The given traffic or, by default, the traffic in the deployed stack's bucket. */
async function trafficOf(given: string | undefined, { stack, region }: Options) {
  const own = region === undefined ? {} : { region };
  if (given !== undefined) return { traffic: given, account: own };
  if (stack === undefined)
    throw new Error("no traffic given: name a folder, a file or s3://bucket/prefix, or use --stack");
  const target = await targetOf({ stack, ...own });
  const bucket = target.kind === "endpoint" ? target.outputs?.bucketName : undefined;
  if (typeof bucket !== "string" || bucket === "") throw new Error(`stack ${stack} has no output bucketName`);
  const account = target.kind === "endpoint" ? target : own;
  return { traffic: `s3://${bucket}/${dataCapturePrefix}`, account };
}

/** Serves the candidate while it is used, and stops it afterwards. */
async function withCandidate<Result>(options: Options, use: (url: string) => Promise<Result>): Promise<Result> {
  if (options.url !== undefined) {
    const target = await targetOf({ url: options.url });
    return use(target.kind === "url" ? target.url : "");
  }
  const stack = options.stack?.split("/").at(-1) ?? "dev";
  const directory = projectDirectory();
  const config = await servedSettings({ ...options, stack }, directory);
  const plan = await plannedStack({ stack, configFile: options.configFile, directory, config });
  const model = plannedModel(plan, options.variant);
  if (model.targetModels) {
    throw new Error("captured traffic doesn't say which of many models it was for: name one with --model-repository");
  }
  const signal = interruption();
  const installed = await installTriton(undefined, signal);
  return withUnpacked(model, async (modelDirectory, root) => {
    const installation = await tritonOfRun(installed, path.join(root, "triton"));
    await provideModels(installation, modelDirectory, model.environment, signal);
    const triton = await startTriton({ ...model, installation, modelDirectory, port: 0, signal });
    try {
      return await use(triton.url);
    } finally {
      await triton.stop();
    }
  });
}

function mostChanged(text: string): MostChanged {
  const [, number = "", percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(number);
  if (percent === "%" && value <= 100) return { text, of: (compared) => (compared * value) / 100 };
  if (number !== "" && percent === "" && Number.isInteger(value)) return { text, of: () => value };
  throw new InvalidArgumentError("Use a whole number from 0, or a percentage such as 0.1%.");
}

function part(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("Use a number from 0, for example 1e-4.");
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("replay", define);
