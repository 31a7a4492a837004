import { InvalidArgumentError, type Command } from "commander";
import { once } from "node:events";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exampleRequest, targetModelHeader, type ExampleRequest } from "../local/exampleRequest.ts";
import { startMultiModelEndpoint } from "../local/multiModelEndpoint.ts";
import { containerServer } from "../local/containerServer.ts";
import { installedServer, type LocalServer, type ServeOptions } from "../local/localServer.ts";
import { plannedContainer, type PlannedContainer } from "../local/plannedContainer.ts";
import { plannedModel, withUnpacked, type PlannedTargetModel } from "../local/plannedModel.ts";
import type { RunningTriton } from "../local/startTriton.ts";
import { installTriton } from "../local/triton.ts";
import type { TritonLog } from "../local/tritonLog.ts";
import { tritonOfRun } from "../local/tritonOfRun.ts";
import { previewStack } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { summarizePlan } from "../preview/summarizePlan.ts";
import { requireLoopback } from "../releases/loopback.ts";
import { ask } from "./ask.ts";
import { fitted } from "./fitted.ts";
import { printable, printableLine } from "./printable.ts";
import { projectDirectory } from "./project.ts";
import { interruption, runCommand } from "./run.ts";
import { servedSettings, userRepository } from "./servedSettings.ts";
import { tryLine } from "./tryLine.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly variant?: string;
  readonly modelRepository?: string;
  readonly defaultModel?: string;
  readonly port: number;
  readonly keepServing?: boolean;
  readonly showPlan?: boolean;
  readonly docker?: boolean;
  readonly gpus?: boolean;
  readonly verbose?: boolean;
}

/** `start`: serves once. */
export function define(command: Command): void {
  defineOptions(command)
    .description("Plan a stack and serve its model on this machine with a real Triton, as SageMaker would.")
    .option("--keep-serving", "go on serving until Ctrl-C, as serve does")
    .action(start);
}

/** `serve`: goes on serving. */
export function defineServe(command: Command): void {
  defineOptions(command)
    .description("Serve a stack's model on this machine with a real Triton until Ctrl-C.")
    .action((options: Options) => start({ ...options, keepServing: true }));
}

function defineOptions(command: Command): Command {
  return command
    .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
    .option("--config-file <file>", "the stack's configuration, in place of Pulumi.<name>.yaml", absolute)
    .option("--variant <name>", "the variant that is served, where the stack has several")
    .option("--model-repository <source>", "a model repository, folder or archive, in place of the stack's")
    .option("--default-model <name>", "the model that answers, in place of the stack's defaultModelName")
    .option("--show-plan", "print all that the stack would register, as plan does")
    .option("--port <number>", "the port of 127.0.0.1; 0 is any free one", port, 8080)
    .option("--docker", "serve with the planned image itself, in Docker, with every backend that it has")
    .option("--gpus", "with --docker: give the container this machine's GPUs")
    .option("--verbose", "show what the models print and log, as serve always does");
}

async function start({ port, keepServing = false, showPlan = false, gpus = false, ...chosen }: Options): Promise<void> {
  if (gpus && !chosen.docker) throw new Error("--gpus needs --docker: the local Triton has no GPU backends");
  const { verbose = keepServing } = chosen;
  const { stack, configFile } = chosen;
  const directory = projectDirectory();
  const plan = await previewStack({ stack, configFile, directory, config: await servedSettings(chosen, directory) });
  console.log(fitted(printable(showPlan ? renderPlan(plan) : `${summarizePlan(plan)}\n(all of it: --show-plan)`)));
  const model = plannedModel(plan, chosen.variant);
  const signal = interruption();
  await requireLoopback();
  const serverOf = chosen.docker
    ? await dockerServer(plannedContainer(plan, chosen.variant), gpus, signal)
    : await tritonServer(signal);
  await withUnpacked(model, async (modelDirectory, root) => {
    const server = await serverOf(root);
    const repository = (targetModel?: string) => userRepository(chosen, directory, targetModel);
    const onModelLine = (line: string) => {
      console.log(`[model] ${printableLine(line.replaceAll(modelDirectory, "/opt/ml/model"))}`);
    };
    const how = { port, signal, keepServing, repository, ...(verbose && { onModelLine }) };
    const serving = { ...model, server, modelDirectory, ...how };
    await (model.targetModels ? serveMany(serving, model.targetModels) : serveOne(serving));
  });
}

/** A server once there is a folder for a run's files. */
type ServerOf = (root: string) => Promise<LocalServer>;

async function dockerServer(container: PlannedContainer, gpus: boolean, signal: AbortSignal): Promise<ServerOf> {
  const server = await containerServer(container, { gpus, signal });
  return () => Promise.resolve(server);
}

async function tritonServer(signal: AbortSignal): Promise<ServerOf> {
  const installed = await installTriton(undefined, signal);
  return async (root) => installedServer(await tritonOfRun(installed, path.join(root, "triton")));
}

interface Serving extends ServeOptions {
  readonly server: LocalServer;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly keepServing: boolean;
  readonly repository: (targetModel?: string) => string | undefined;
}

async function serveOne(serving: Serving): Promise<void> {
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

/** Many models: each is loaded, asked and unloaded; those that go on being served stay loaded. */
async function serveMany(serving: Serving, targetModels: readonly PlannedTargetModel[]): Promise<void> {
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

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) throw new InvalidArgumentError("Use a whole number from 0 to 65535.");
  return number;
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("start", define);
