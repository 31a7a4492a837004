import { InvalidArgumentError, type Command } from "commander";
import { answerDifferences } from "../inference/compareAnswers.ts";
import { connectTo } from "../operations/connect.ts";
import { readEndpointStatus, type EndpointStatus } from "../operations/endpointStatus.ts";
import { failureAdvice, isFailing } from "../operations/failures/endpointFailures.ts";
import { answerReader } from "../operations/kserveAnswer.ts";
import {
  answerPromises,
  endpointPromises,
  statedLatencyBound,
  type Promised,
  type SmokeAnswer,
} from "../operations/smoke.ts";
import type { EndpointTarget, TargetOptions } from "../operations/target.ts";
import type { ExampleRequest } from "../local/exampleRequest.ts";
import { connect } from "../releases/connection.ts";
import type { DeployedModelOptions } from "./deployedModel.ts";
import { endpointOf, stackSays, withEndpoint } from "./endpoint.ts";
import { contextsOf, logsOf } from "./failureContexts.ts";
import { fittingTable } from "./fittingTable.ts";
import { printableLine } from "../text/printable.ts";
import { runCommand } from "./run.ts";

interface Options extends TargetOptions, DeployedModelOptions {
  readonly maxLatency?: number;
  readonly json?: boolean;
}

/** `smoke` */
export function define(command: Command): void {
  withEndpoint(command)
    .description("After a deployment: check that the endpoint serves what the stack says, and answers. Exits 1 if not.")
    .option("--model-repository <folder>", "where to read the example request (default: the stack's)")
    .option("--default-model <name>", "the model that answers, instead of the stack's defaultModelName")
    .option("--target-model <archive>", "the model that answers, if the endpoint has many")
    .option(
      "--max-latency <ms>",
      "how long an answer may take (default: the endpoint's alarms on p99 latency)",
      positive,
    )
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const target = await endpointOf(options);
      const endpoint = await readEndpointStatus(await connect(target), target.endpointName);
      const contexts = contextsOf(endpoint.variants, options.stack);
      const recently = new Date(Date.now() - 15 * 60_000);
      const promised = [...endpointPromises(endpoint, stackSays(target, options.stack), contexts())];
      if (promised.every(({ kept }) => kept)) promised.push(...(await askedPromises(target, endpoint, options)));
      const broken = promised.find(({ kept }) => !kept);
      console.log(options.json ? JSON.stringify(promised, undefined, 2) : render(promised));
      if (!broken) return;
      const log = async (since?: Date) => failureAdvice(await logsOf(target), endpoint, contexts, since);
      const advice = isFailing(endpoint) ? await log() : broken.promise === answered ? await log(recently) : [];
      throw new Error([`${target.endpointName}: ${broken.promise}: no, ${broken.found}`, ...advice].join("\n→ "));
    });
}

/** The promise that a request which fails breaks. */
const answered = "the example request is answered";

async function askedPromises(
  target: EndpointTarget,
  endpoint: EndpointStatus,
  options: Options,
): Promise<readonly Promised[]> {
  const { deployedModel } = await import("./deployedModel.ts");
  const example = (await deployedModel(options))?.example;
  if (!example) return [];
  try {
    const answer = await askEndpoint(target, example, options.targetModel);
    return [...answerPromises(answer, options.maxLatency ?? statedLatencyBound(endpoint))];
  } catch (error) {
    return [{ promise: answered, kept: false, found: (error as Error).message }];
  }
}

/** The first request may load something, so it says nothing about the others. */
const MEASURED = 3;

async function askEndpoint(
  target: EndpointTarget,
  example: ExampleRequest,
  targetModel: string | undefined,
): Promise<SmokeAnswer> {
  const sender = await connectTo(target);
  const invocation = { ...example, ...(targetModel !== undefined && { targetModel }) };
  try {
    const response = answerReader(example)(await sender.send(invocation));
    const times: number[] = [];
    for (let count = 0; count < MEASURED; count += 1) {
      const began = performance.now();
      await sender.send(invocation);
      times.push(performance.now() - began);
    }
    const milliseconds = Math.min(...times);
    if (!example.expected || !response) return { milliseconds };
    return { milliseconds, differences: answerDifferences(example.expected, response) };
  } finally {
    sender.close();
  }
}

function render(promised: readonly Promised[]): string {
  const rows = promised.map(({ promise, kept, found }) => ({
    promise: `${kept ? "✔" : "✘"} ${printableLine(promise)}`,
    found: printableLine(found),
  }));
  return fittingTable(rows, "promise");
}

function positive(given: string): number {
  const number = Number(given);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("use a number of milliseconds above 0.");
}

if (import.meta.main) await runCommand("smoke", define);
