import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { exampleRequest, targetModelHeader, type ExampleRequest } from "../local/exampleRequest.ts";
import type { LocalServer, ServeOptions } from "../local/localServer.ts";
import { startMultiModelEndpoint } from "../local/multiModelEndpoint.ts";
import type { PlannedTargetModel } from "../local/plannedModel.ts";
import type { RunningTriton } from "../local/startTriton.ts";
import type { TritonLog } from "../local/tritonLog.ts";
import { ask } from "./ask.ts";
import { fitted } from "./fitted.ts";
import { printable, printableLine } from "./printable.ts";
import { tryLine } from "./tryLine.ts";

/** A model, or many, with the server that serves them and all that is said about how. */
export interface Serving extends ServeOptions {
  /** What serves. */
  readonly server: LocalServer;
  /** Where the plan has the model. */
  readonly url: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether it goes on after the first answers. */
  readonly keepServing: boolean;
  /** The user's own folder of a repository; `undefined` where it is none. */
  readonly repository: (targetModel?: string) => string | undefined;
}

/**
 * Serves a repository, asks it once and ends, or goes on until it is interrupted.
 *
 * @param serving what is served and how
 */
export async function serveOne(serving: Serving): Promise<void> {
  const { modelDirectory, environment } = serving;
  await serving.server.provide(modelDirectory, environment, serving.signal);
  console.log(fitted(`\nServing ${placeOf(serving.url)} with ${serving.server.title} ...`));
  const triton = await serving.server.start(serving);
  try {
    const { url, defaultModelName = "" } = triton;
    console.log(`${defaultModelName} is ready at ${url}: GET /ping, POST /invocations`);
    tellIsolation(triton);
    const request = await exampleRequest(modelDirectory, defaultModelName);
    if (request) await askServed(serving, triton, request);
    else tellNoRequest(defaultModelName);
    if (serving.keepServing) {
      const line = tryLine({ url, request, repository: serving.repository() });
      await untilInterrupted(triton, line, serving.signal);
    }
  } finally {
    await triton.stop();
  }
}

/**
 * Serves many models: each is loaded, asked and unloaded; those that go on being served stay loaded.
 *
 * @param serving what is served and how
 * @param targetModels the models
 */
export async function serveMany(serving: Serving, targetModels: readonly PlannedTargetModel[]): Promise<void> {
  const { keepServing } = serving;
  console.log(fitted(`\nServing the models below ${placeOf(serving.url)} with ${serving.server.title} ...`));
  const endpoint = await startMultiModelEndpoint({ ...serving, targetModels });
  try {
    const { url } = endpoint;
    console.log(`The endpoint is ready at ${url}: GET /ping, POST /invocations with ${targetModelHeader}`);
    tellIsolation(endpoint);
    let command = tryLine({ url, targetModel: targetModels[0]?.name });
    for (const { name } of targetModels) {
      const { directory, model } = await endpoint.load(name);
      const request = await exampleRequest(directory, model);
      if (request) await askServed(serving, endpoint, request, name);
      else tellNoRequest(name);
      if (request) {
        command = tryLine({ url, request, targetModel: name, repository: serving.repository(name) });
      }
      if (!keepServing) await endpoint.unload(name);
    }
    if (keepServing) await untilInterrupted(endpoint, command, serving.signal);
  } finally {
    await endpoint.stop();
  }
}

/** What is served, as the plan has it: without the bucket, which only AWS will know. */
function placeOf(url: string): string {
  return printableLine(url.replace(/^s3:\/\/\$\{[^}]*\}\//, ""));
}

/** Sends a request. What goes on being served goes on after a refusal, too: the model is ready, and can be asked again. */
async function askServed(
  { keepServing, signal, modelDirectory }: Serving,
  { url, log }: Pick<RunningTriton, "url" | "log">,
  request: ExampleRequest,
  targetModel?: string,
): Promise<void> {
  try {
    await ask(url, request, targetModel);
  } catch (error) {
    const words = `${(error as Error).message}${await crashBehind(error as Error, log)}`;
    const message = words.replaceAll(modelDirectory, "/opt/ml/model");
    if (!keepServing || signal.aborted) throw new Error(message, { cause: error });
    const remedy = request.file === undefined ? "\nAdd a request.json that the model takes." : "";
    console.error(printable(`\nwarning: ${message}${remedy}`));
  }
}

/** What is known of a model's process that has ended over a request. */
async function crashBehind({ message }: Error, log: TritonLog): Promise<string> {
  if (!/Stub process .* is not healthy/.test(message)) return "";
  await sleep(200); // The last words of a process come by another way than the answer.
  const words =
    log.crash ?? "It left no word: the system killed it, perhaps for want of memory, or it called os._exit.";
  return `\nThe model's process has ended.\n${words}`;
}

function tellIsolation({ isolation }: Pick<RunningTriton, "isolation">): void {
  if (isolation.isolated) return;
  console.log(
    `Note: Triton's own port listens on every address of this machine; the system allows no namespaces (${isolation.reason}). For the same reason the model is not at /opt/ml/model here, as it is on SageMaker.`,
  );
}

function tellNoRequest(model: string): void {
  console.log(
    `No request is sent: there is no ${model}/request.json, and none can be made up, because config.pbtxt names no inputs or the model is decoupled.`,
  );
}

async function untilInterrupted(
  { ended, log }: Pick<RunningTriton, "ended" | "log">,
  command: string,
  signal: AbortSignal,
): Promise<void> {
  console.log(`\nServing until Ctrl-C. Try it:\n  ${command}`);
  const code = await Promise.race([ended, once(signal, "abort")]);
  if (!signal.aborted) throw new Error(`Triton ended by itself with exit code ${String(code)}:\n${log.reason}`);
}
