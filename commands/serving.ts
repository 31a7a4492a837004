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
import { printableLine, printableMessage } from "../text/printable.ts";
import { tryLine } from "./tryLine.ts";

/** One or many models, with their server and the options. */
export interface Serving extends ServeOptions {
  /** The server. */
  readonly server: LocalServer;
  /** The model's location in the plan. */
  readonly url: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether to keep serving after the first answers. */
  readonly keepServing: boolean;
  /** The folder of the user's own repository; `undefined` if it isn't a folder. */
  readonly repository: (targetModel?: string) => string | undefined;
}

/**
 * Serves a repository, sends one request and ends, or keeps serving until interrupted.
 *
 * @param serving what to serve and how
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
 * Serves many models: each is loaded, sent a request and unloaded; with serve they stay loaded.
 *
 * @param serving what to serve and how
 * @param targetModels the models
 */
export async function serveMany(serving: Serving, targetModels: readonly PlannedTargetModel[]): Promise<void> {
  const { keepServing } = serving;
  console.log(fitted(`\nServing the models in ${placeOf(serving.url)} with ${serving.server.title} ...`));
  const endpoint = await startMultiModelEndpoint({ ...serving, targetModels });
  try {
    const { url } = endpoint;
    console.log(`The endpoint is ready at ${url}: GET /ping, POST /invocations with ${targetModelHeader}`);
    tellIsolation(endpoint);
    let command = tryLine({ url });
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

/** The location of the served model as in the plan, without the bucket, which only AWS knows. */
function placeOf(url: string): string {
  return printableLine(url.replace(/^s3:\/\/\$\{[^}]*\}\//, ""));
}

/** Sends a request. With serve, a refusal doesn't end the server, because the model is ready for other requests. */
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
    const remedy = request.file === undefined ? "\nAdd a request.json that the model accepts." : "";
    console.error(printableMessage(`\nwarning: ${message}${remedy}`));
  }
}

/** Describes how a request ended a model's process. */
async function crashBehind({ message }: Error, log: TritonLog): Promise<string> {
  if (!/Stub process .* is not healthy/.test(message)) return "";
  await sleep(200); // The process's last output arrives separately from the answer.
  const words =
    log.crash ?? "It printed nothing: the system killed it, perhaps because memory ran out, or it called os._exit.";
  return `\nThe model's process has ended.\n${words}`;
}

/** Says in one line what a model may do on this machine although it shouldn't. */
function tellIsolation({ isolation }: Pick<RunningTriton, "isolation">): void {
  if (isolation.isolated) {
    if (isolation.open.length > 0) console.log(`Note: models can see ${isolation.open.join(" and ")}.`);
    return;
  }
  console.log(
    `Note: the system allows no namespaces (${isolation.reason}), so models can read and change all that you can and use the network, and aren't at /opt/ml/model as on SageMaker; Triton's own port listens on every address of this machine.`,
  );
}

function tellNoRequest(model: string): void {
  console.log(
    `No request is sent: there is no ${model}/request.json, and none can be generated, because config.pbtxt names no inputs or the model is decoupled.`,
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
