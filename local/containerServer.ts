import { spawn } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../packing/isRunning.ts";
import { environmentSettings } from "../sagemaker/serverEnvironment.ts";
import { networkArguments, runArguments, signInRemedy } from "./containerArguments.ts";
import { docker, requireDocker, type DockerResult } from "./docker.ts";
import { exitCode } from "./exitCode.ts";
import { forwardTo } from "./forward.ts";
import { freePort } from "./freePort.ts";
import { openFrontDoor } from "./frontDoor.ts";
import type { LocalServer, ServeOptions } from "./localServer.ts";
import { describing } from "./modelDescription.ts";
import { MessageError } from "./messageError.ts";
import type { PlannedContainer } from "./plannedContainer.ts";
import { readServeArguments } from "./serveArguments.ts";
import { untilReady, type RunningTriton } from "./startTriton.ts";
import { TritonLog } from "./tritonLog.ts";

/**
 * Serves with the planned image in Docker and all its backends, exactly as on the endpoint.
 *
 * @param container the planned container
 * @param options whether it gets this machine's GPUs; `signal` ends the image's download early
 * @throws MessageError if no Docker daemon answers or the image can't be pulled
 */
export async function containerServer(
  container: PlannedContainer,
  { gpus, signal }: { readonly gpus: boolean; readonly signal?: AbortSignal },
): Promise<LocalServer> {
  await requireDocker(signal);
  await removeAbandoned();
  await provideImage(container, signal);
  return {
    title: container.image,
    provide: () => Promise.resolve(),
    start: (options) => startContainer(container, gpus, options),
  };
}

async function provideImage({ image, platform }: PlannedContainer, signal?: AbortSignal): Promise<void> {
  const there = await docker(["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", image], { signal });
  // An image for other processors, which may go by the same name, would run slowly or not at all.
  if (there.code === 0 && there.output === platform) return;
  console.error(`Pulling ${image}, once ...`);
  const quiet = process.stderr.isTTY ? [] : ["--quiet"];
  const { code, reason } = await docker(["pull", ...quiet, "--platform", platform, image], {
    signal,
    shown: process.stderr.isTTY,
  });
  if (code === 0) return;
  throw new MessageError(`Docker could not pull ${image}${reason === "" ? "" : `: ${reason}`}\n${signInRemedy(image)}`);
}

async function startContainer(
  container: PlannedContainer,
  gpus: boolean,
  options: ServeOptions,
): Promise<RunningTriton> {
  const { modelDirectory, environment, startupTimeoutInSeconds, signal, onModelLine } = options;
  const { defaultModelName } = await readServeArguments(environment, modelDirectory);
  const port = await freePort();
  const name = `${namePrefix}${process.pid}-${port}`;
  const served = describing(forwardTo({ host: "127.0.0.1", port }), modelDirectory, defaultModelName);
  const door = await openFrontDoor(options, served);
  if (container.networkIsolation) {
    await orThrow(networkArguments(name)).catch((error: unknown) => {
      door.close();
      throw error;
    });
  }
  const modelsDirectory = path.dirname(modelDirectory);
  const child = spawn("docker", runArguments({ ...container, name, port, modelsDirectory, environment, gpus }), {
    // A separate session, so that Ctrl-C in a terminal only reaches this process, which then stops the container
    // cleanly.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = new TritonLog(onModelLine);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log.add(text);
    });
  }
  const ended = exitCode(child);
  let over = false;
  void ended.then(() => (over = true));
  const triton: RunningTriton = {
    url: door.url,
    container: served,
    isolation: { isolated: true, open: [] },
    ...{ log, ended, defaultModelName },
    stop: async () => {
      door.close();
      // If Docker is still starting it, there is nothing to stop yet.
      while (!over)
        await Promise.all([
          docker(["stop", "-t", String(stopTimeoutInSeconds), name]),
          Promise.race([ended, sleep(200)]),
        ]);
      if (container.networkIsolation) await docker(["network", "rm", name]);
    },
  };
  try {
    const context = { settings: environmentSettings(environment) };
    await untilReady(triton, { startupTimeoutInSeconds, signal, context });
  } catch (error) {
    await triton.stop();
    throw (await ended) === dockerFailed ? notRun(container.image, log) : error;
  }
  return triton;
}

/**
 * The exit codes of `docker run` if the container wasn't run:
 * https://docs.docker.com/engine/containers/run/#exit-status
 */
const dockerFailed = 125;

function notRun(image: string, log: TritonLog): MessageError {
  const reason = log.text.split("\n").find((line) => line.startsWith("docker: ")) ?? log.text.trim();
  const remedy = /port is already allocated|address already in use/.test(reason) ? ": use another one with --port" : "";
  return new MessageError(`Docker could not run ${image}: ${reason.replace("docker: ", "")}${remedy}`);
}

/** Short, because `serve` is a shell script without a trap: as a container's first process it ignores SIGTERM. */
const stopTimeoutInSeconds = 3;

const namePrefix = "sagemaker-triton-";

/** Removes containers and networks of killed processes. */
async function removeAbandoned(): Promise<void> {
  const ours = ["--filter", `name=${namePrefix}`];
  const containers = await docker(["ps", "--all", "--format", "{{.Names}}", ...ours]);
  const networks = await docker(["network", "ls", "--format", "{{.Name}}", ...ours]);
  for (const name of abandoned(containers)) await docker(["rm", "--force", name]);
  for (const name of abandoned(networks)) await docker(["network", "rm", name]);
}

function abandoned({ output }: DockerResult): string[] {
  return output.split("\n").filter((name) => {
    const [, pid] = new RegExp(`^${namePrefix}(\\d+)-\\d+$`).exec(name) ?? [];
    return pid !== undefined && !isRunning(Number(pid));
  });
}

async function orThrow(args: readonly string[]): Promise<void> {
  const { code, reason } = await docker(args);
  if (code !== 0) throw new MessageError(`docker ${args.join(" ")} failed: ${reason}`);
}
