import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../local/container.ts";
import { describeEndedModel } from "../local/endedModel.ts";
import { exampleRequest, targetModelHeader, whyNoRequest, type ExampleRequest } from "../local/exampleRequest.ts";
import { loadRemedy } from "../local/loadRemedy.ts";
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
export interface Serving extends Omit<ServeOptions, "port" | "allowedHosts" | "onRequest" | "onModelEnded"> {
  /** The server. */
  readonly server: LocalServer;
  /** The model's location in the plan. */
  readonly url: string;
  /** The address at which users reach it. */
  readonly address: string;
  /** The models that requests may name, if there are many. */
  readonly targetModels?: readonly PlannedTargetModel[];
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether to keep serving after the first answers. */
  readonly keepServing: boolean;
  /** The folder of the user's own repository; `undefined` if it isn't a folder. */
  readonly repository: (targetModel?: string) => string | undefined;
}

/** A model, or many, ready for requests. */
export interface Served {
  readonly container: Container;
  /** Resolves with a description when the server has ended by itself. */
  readonly ended: Promise<Error>;
  /** Resolves when a model's process has ended, although its server goes on. */
  readonly modelEnded: Promise<undefined>;
  /** A command that sends a request. */
  readonly command: string;
}

/**
 * Serves a repository, sends it one request, or each of its models if they are many, and stops after use. Unless they
 * keep serving, many models are unloaded one after the other.
 *
 * @param serving what to serve and how
 * @param use uses it
 */
export async function withServed<Result>(serving: Serving, use: (served: Served) => Promise<Result>): Promise<Result> {
  const { server, targetModels, modelDirectory } = serving;
  const watched = new WatchedModels(modelDirectory);
  // Users come in by another door.
  const options = { ...serving, port: 0, onModelEnded: watched.ended };
  const title = targetModels ? "the models in " : "";
  if (!targetModels) await server.provide(modelDirectory, serving.environment, serving.signal);
  console.log(fitted(`\nServing ${title}${placeOf(serving.url)} with ${server.title} ...`));
  if (targetModels) {
    const endpoint = await startMultiModelEndpoint({ ...options, targetModels });
    watched.log = endpoint.log;
    try {
      const command = await tryMany(serving, endpoint, targetModels, watched);
      return await use(servedBy(endpoint, watched, command));
    } finally {
      await endpoint.stop();
    }
  }
  const triton = await server.start(options);
  watched.log = triton.log;
  try {
    const command = await tryOne(serving, triton, watched);
    return await use(servedBy(triton, watched, command));
  } finally {
    await triton.stop();
  }
}

function servedBy(
  { container, ended, log }: Pick<RunningTriton, "container" | "ended" | "log">,
  watched: WatchedModels,
  command: string,
): Served {
  const why = (code: number) =>
    new Error(`Triton ended by itself with exit code ${code}:\n${log.reason}${loadRemedy(log.reason)}`);
  return { container, ended: ended.then(why), modelEnded: watched.first, command };
}

async function tryOne(serving: Serving, triton: RunningTriton, watched: WatchedModels): Promise<string> {
  const { defaultModelName = "" } = triton;
  console.log(`${defaultModelName} is ready at ${serving.address}: GET /ping, POST /invocations`);
  tellIsolation(triton);
  const { SAGEMAKER_TRITON_INFERENCE_TYPE: type = "infer" } = serving.environment;
  const request = await exampleRequest(serving.modelDirectory, defaultModelName, type);
  if (request) await askServed(serving, triton, request, watched);
  else console.log(fitted(`No request is sent: ${await whyNoRequest(serving.modelDirectory, defaultModelName, type)}`));
  return tryLine({ url: serving.address, request, repository: serving.repository() });
}

async function tryMany(
  serving: Serving,
  endpoint: Awaited<ReturnType<typeof startMultiModelEndpoint>>,
  targetModels: readonly PlannedTargetModel[],
  watched: WatchedModels,
): Promise<string> {
  const { address: url } = serving;
  console.log(`The endpoint is ready at ${url}: GET /ping, POST /invocations with ${targetModelHeader}`);
  tellIsolation(endpoint);
  let command = tryLine({ url });
  for (const { name } of targetModels) {
    const { directory, model } = await endpoint.load(name);
    const request = await exampleRequest(directory, model, "infer");
    if (request) {
      await askServed(serving, endpoint, request, watched, name);
      command = tryLine({ url, request, targetModel: name, repository: serving.repository(name) });
    } else console.log(fitted(`No request is sent: ${await whyNoRequest(directory, model, "infer")}`));
    if (!serving.keepServing) await endpoint.unload(name);
  }
  return command;
}

/** Tells at once when a model's process ends, since Triton doesn't. */
class WatchedModels {
  readonly #first = Promise.withResolvers<undefined>();
  readonly #modelDirectory: string;
  /** The server's log, once it has one. */
  log: TritonLog | undefined;

  constructor(modelDirectory: string) {
    this.#modelDirectory = modelDirectory;
  }

  /** Resolves with the first end. */
  get first(): Promise<undefined> {
    return this.#first.promise;
  }

  readonly ended: NonNullable<ServeOptions["onModelEnded"]> = (ended) => {
    const words = describeEndedModel(ended, this.log?.crash).replaceAll(this.#modelDirectory, "/opt/ml/model");
    console.error(fitted(printableMessage(`\n${words}`), process.stderr.columns));
    this.#first.resolve(undefined);
  };

  /** What is known of the end behind a refused request, and hasn't been told; it may be noticed after the answer. */
  async behind({ message }: Error): Promise<string> {
    if (!/Stub process .* is not healthy/.test(message)) return "";
    const told = await Promise.race([this.first.then(() => true), sleep(2000, false, { ref: false })]);
    return told || this.log?.crash === undefined ? "" : `\nThe model's process has ended.\n${this.log.crash}`;
  }
}

/** The location of the served model as in the plan, without the bucket, which only AWS knows. */
function placeOf(url: string): string {
  return printableLine(url.replace(/^s3:\/\/\$\{[^}]*\}\//, ""));
}

/** Sends a request. With serve, a refusal doesn't end the server, because the model is ready for other requests. */
async function askServed(
  { keepServing, signal, modelDirectory }: Serving,
  { url }: Pick<RunningTriton, "url">,
  request: ExampleRequest,
  watched: WatchedModels,
  targetModel?: string,
): Promise<void> {
  try {
    await ask(url, request, targetModel);
  } catch (error) {
    const words = `${(error as Error).message}${await watched.behind(error as Error)}`;
    const message = words.replaceAll(modelDirectory, "/opt/ml/model");
    if (!keepServing || signal.aborted) throw new Error(message, { cause: error });
    const remedy = request.file === undefined ? "\nAdd a request.json that the model accepts." : "";
    console.error(printableMessage(`\nwarning: ${message}${remedy}`));
  }
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
