import { InvalidArgumentError, type Command } from "commander";
import * as path from "node:path";
import { containerServer } from "../local/containerServer.ts";
import { installedServer, type LocalServer } from "../local/localServer.ts";
import { plannedContainer, type PlannedContainer } from "../local/plannedContainer.ts";
import { plannedModel, withUnpacked } from "../local/plannedModel.ts";
import { readHost } from "../local/requestGuard.ts";
import { installTriton } from "../local/triton.ts";
import { tritonOfRun } from "../local/tritonOfRun.ts";
import { hideSecrets } from "../preview/hideSecrets.ts";
import { previewStack } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { summarizePlan } from "../preview/summarizePlan.ts";
import { requireLoopback } from "../releases/loopback.ts";
import { fitted } from "./fitted.ts";
import { printableLine } from "../text/printable.ts";
import { projectDirectory } from "./project.ts";
import { withModelProgress } from "./progress.ts";
import { interruption, runCommand } from "./run.ts";

import { servedSettings, userRepository } from "./servedSettings.ts";
import { serveMany, serveOne } from "./serving.ts";

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

async function start({ port, keepServing = false, showPlan = false, gpus = false, ...chosen }: Options): Promise<void> {
  if (gpus && !chosen.docker) throw new Error("--gpus needs --docker: the local Triton has no GPU backends");
  const { verbose = keepServing } = chosen;
  const { stack, configFile } = chosen;
  const directory = projectDirectory();
  const config = await servedSettings(chosen, directory);
  const plan = await withModelProgress(() => previewStack({ stack, configFile, directory, config }));
  console.log(fitted(showPlan ? renderPlan(hideSecrets(plan)) : `${summarizePlan(plan)}\n(all of it: --show-plan)`));
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
    const how = {
      port,
      allowedHosts: chosen.allowHost,
      signal,
      keepServing,
      repository,
      ...(verbose && { onModelLine }),
    };
    const serving = { ...model, server, modelDirectory, ...how };
    await (model.targetModels ? serveMany(serving, model.targetModels) : serveOne(serving));
  });
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
