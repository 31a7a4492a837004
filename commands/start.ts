import { InvalidArgumentError, type Command } from "commander";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { isMetricLine } from "../local/serverTimes.ts";
import { containerServer } from "../local/containerServer.ts";
import { openEndpoint, type Endpoint } from "../local/endpoint.ts";
import type { DoneRequest } from "../local/frontDoor.ts";
import { installedServer, type LocalServer } from "../local/localServer.ts";
import { plannedContainer, type PlannedContainer } from "../local/plannedContainer.ts";
import { plannedEndpoint, plannedModel, withUnpacked, type PlannedModel } from "../local/plannedModel.ts";
import { readHost } from "../local/requestGuard.ts";
import { Capture } from "../local/runtime/capture.ts";
import { runtimeApi } from "../local/runtime/runtimeApi.ts";
import { installTriton } from "../local/triton.ts";
import { tritonOfRun } from "../local/tritonOfRun.ts";
import { hideSecrets } from "../preview/hideSecrets.ts";
import type { Plan } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { summarizePlan } from "../preview/summarizePlan.ts";
import { requireLoopback } from "../releases/loopback.ts";
import { fitted } from "./fitted.ts";
import { keepServing, requestLine, type Round } from "./keepServing.ts";
import { printableLine } from "../text/printable.ts";
import { plannedStack } from "./plannedStack.ts";
import { projectDirectory } from "./project.ts";
import { withModelProgress } from "./progress.ts";
import { interruption, runCommand } from "./run.ts";
import { servedSettings, userRepository } from "./servedSettings.ts";
import { apiLines, modelsOfVariants, withVariants, type WithModel } from "./servedVariants.ts";
import { withServed } from "./serving.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly variant?: string;
  readonly modelRepository?: string;
  readonly defaultModel?: string;
  readonly port: number;
  readonly allowHost: readonly string[];
  readonly keepServing?: boolean;
  readonly showPlan?: boolean;
  readonly docker?: boolean;
  readonly gpus?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly capture?: string;
}

/** `start`: serves once. */
export function define(command: Command): void {
  defineOptions(command)
    .description("Plan a stack and serve its model on this machine with a real Triton, as SageMaker would.")
    .option("--keep-serving", "keep serving until Ctrl-C, as serve does")
    .action(start);
}

/** `serve`: keeps serving. */
export function defineServe(command: Command): void {
  defineOptions(command)
    .description("Serve a stack's model on this machine with a real Triton until Ctrl-C.")
    .option("--quiet", "print no line for each request")
    .option("--capture <folder>", "write requests and answers there, as SageMaker captures them, for replay", absolute)
    .action((options: Options) => start({ ...options, keepServing: true }));
}

function defineOptions(command: Command): Command {
  return command
    .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
    .option("--config-file <file>", "the stack's configuration file, instead of Pulumi.<name>.yaml", absolute)
    .option("--variant <name>", "the variant to serve, if the stack has several")
    .option("--model-repository <source>", "a model repository, folder or archive, instead of the stack's")
    .option("--default-model <name>", "the model that answers, instead of the stack's defaultModelName")
    .option("--show-plan", "print everything that the stack would register, as plan does")
    .option("--port <number>", "the port on 127.0.0.1; 0 is any free one", port, 8080)
    .option("--allow-host <host>", "another host that requests may name, as name or name:port; repeatable", hosts, [])
    .option("--docker", "serve with the planned image in Docker, with all its backends")
    .option("--gpus", "with --docker: give the container this machine's GPUs")
    .option("--verbose", "show what the models print and log, as serve always does");
}

async function start(options: Options): Promise<void> {
  const { port, allowHost: allowedHosts, showPlan = false, keepServing: keep = false, gpus = false, docker } = options;
  if (gpus && !docker) throw new Error("--gpus needs --docker: the local Triton has no GPU backends");
  const directory = projectDirectory();
  const plan = await planOf(options, directory);
  console.log(fitted(showPlan ? renderPlan(hideSecrets(plan)) : `${summarizePlan(plan)}\n(all of it: --show-plan)`));
  const model = plannedModel(plan, options.variant);
  const signal = interruption();
  await requireLoopback();
  const serverOf = docker
    ? await dockerServer(plannedContainer(plan, options.variant), gpus, signal)
    : await tritonServer(signal);
  const onRequest = (done: DoneRequest) => {
    console.log(requestLine(done, new Date()));
  };
  const shown = keep && !options.quiet;
  const endpoint = await openEndpoint({ port, allowedHosts, ...(shown && { onRequest }) });
  try {
    const withModel = modelServer({ options, directory, serverOf, address: endpoint.url, signal });
    if (keep)
      await serveVariants(plan, options, { endpoint, withModel, folders: foldersOf(model, options, directory) });
    else await withModel({ model, variants: [] }, () => Promise.resolve());
  } finally {
    endpoint.close();
  }
}

interface ServeVariants {
  readonly endpoint: Endpoint;
  readonly withModel: WithModel;
  readonly folders: readonly string[];
}

/** Keeps serving all variants behind SageMaker's API. */
async function serveVariants(first: Plan, options: Options, { endpoint, withModel, folders }: ServeVariants) {
  const { name: endpointName } = plannedEndpoint(first);
  const capture = options.capture === undefined ? undefined : new Capture(options.capture, endpointName);
  let planned: Plan | undefined = first;
  const round: Round = async (use) => {
    // Later rounds serve what is in the files by then.
    const plan = planned ?? (await planOf(options, projectDirectory()));
    planned = undefined;
    return withVariants(modelsOfVariants(plan, options.variant), withModel, ({ variants, ...served }) => {
      console.log(`\n${apiLines(endpoint.url, plan, variants)}`);
      return use({ ...served, container: runtimeApi({ endpointName, variants, ...(capture && { capture }) }) });
    });
  };
  await keepServing(round, { endpoint, folders, signal: interruption() });
}

async function planOf(options: Options, directory: string): Promise<Plan> {
  const { stack, configFile } = options;
  const config = await servedSettings(options, directory);
  return withModelProgress(() => plannedStack({ stack, configFile, directory, config }));
}

interface How {
  readonly options: Options;
  /** The project's folder. */
  readonly directory: string;
  readonly serverOf: ServerOf;
  /** The address at which users reach what is served. */
  readonly address: string;
  readonly signal: AbortSignal;
}

function modelServer({ options, directory, serverOf, address, signal }: How): WithModel {
  const { keepServing: keep = false, verbose = keep } = options;
  return ({ model }, use) =>
    withUnpacked(model, async (modelDirectory, root) => {
      const onModelLine = (line: string) => {
        if (isMetricLine(line)) return;
        console.log(`[model] ${printableLine(line.replaceAll(modelDirectory, "/opt/ml/model"))}`);
      };
      const repository = (targetModel?: string) => userRepository(options, directory, targetModel);
      const how = { address, signal, keepServing: keep, repository, ...(verbose && { onModelLine }) };
      return withServed({ ...model, server: await serverOf(root), modelDirectory, ...how }, use);
    });
}

/** The folders of the served models' own files. */
function foldersOf({ targetModels }: PlannedModel, options: Options, directory: string): readonly string[] {
  const names = targetModels?.map(({ name }) => name) ?? [undefined];
  const folders = names.map((name) => userRepository(options, directory, name));
  return [...new Set(folders)].filter((folder) => folder !== undefined && existsSync(folder)) as string[];
}

/** Starts the server in a folder for the run's files. */
type ServerOf = (root: string) => Promise<LocalServer>;

async function dockerServer(container: PlannedContainer, gpus: boolean, signal: AbortSignal): Promise<ServerOf> {
  const server = await containerServer(container, { gpus, signal });
  return () => Promise.resolve(server);
}

async function tritonServer(signal: AbortSignal): Promise<ServerOf> {
  const installed = await installTriton(undefined, signal);
  return async (root) => installedServer(await tritonOfRun(installed, path.join(root, "triton")));
}

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) throw new InvalidArgumentError("Use a whole number from 0 to 65535.");
  return number;
}

function hosts(value: string, before: readonly string[]): readonly string[] {
  const host = readHost(value);
  if (host === undefined) throw new InvalidArgumentError("Use a host name or IP address, with or without a port.");
  return [...before, host];
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("start", define);
