import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { exitCode } from "./exitCode.ts";
import { forwardTo } from "./forward.ts";
import { freshFolder } from "./freshFolder.ts";
import { freePort } from "./freePort.ts";
import type { Container } from "./container.ts";
import { openFrontDoor, type FrontDoorOptions } from "./frontDoor.ts";
import { MessageError } from "./messageError.ts";
import type { TritonInstallation } from "./triton.ts";
import { TritonLog } from "./tritonLog.ts";

/** Options for starting Triton. */
export interface LaunchOptions extends FrontDoorOptions {
  /** The installed Triton. */
  readonly installation: TritonInstallation;
  /** Its arguments, without those for ports. */
  readonly arguments: readonly string[];
  /** The argument that sets the only port reachable from outside. Default: that of SageMaker's front end. */
  readonly portArgument?: string;
  /** Translates a request's path to the server's own. Default: it stays as it is. */
  readonly route?: (path: string) => string;
  /**
   * The folder that the server sees at `/opt/ml`, as on SageMaker, read-only; its arguments may name that folder.
   * Source: https://github.com/aws/sagemaker-containers/pull/218 (files under the directory are read-only)
   * Default: none.
   */
  readonly modelsDirectory?: string;
  /** The server's environment variables; it doesn't inherit any others. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line that a model prints or logs. Default: none. */
  readonly onModelLine?: (line: string) => void;
  /** Called when a model's process has ended although the server goes on. Default: none. */
  readonly onModelEnded?: (ended: EndedModel) => void;
}

/** How a model's process ended. */
export interface EndedModel {
  /** The model. */
  readonly model: string;
  /** The exit status as of `wait`: the signal in the low seven bits, the exit code above the low eight. */
  readonly status: number;
  /** The memory that it was last seen with. */
  readonly bytes: number;
  /** This machine's memory. */
  readonly machineBytes: number;
  /** Whether the system has just ended a process because memory ran out. */
  readonly outOfMemory: boolean;
}

/** A started Triton, which may not be ready yet. */
export interface LaunchedTriton {
  /** Its address, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Answers requests without the detour by the address. */
  readonly container: Container;
  /** The server's isolation from this machine, in which it sees the models at `/opt/ml` as on SageMaker. */
  readonly isolation: Isolation;
  /** Its log. */
  readonly log: TritonLog;
  /** Resolves with the exit code when it has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Ends it and resolves once none of its processes is left. */
  readonly stop: () => Promise<void>;
}

/** The isolation of a server: what it can see of this machine nevertheless, or the system's reason for none. */
export type Isolation =
  { readonly isolated: true; readonly open: readonly string[] } | { readonly isolated: false; readonly reason: string };

/**
 * Starts Triton isolated from this machine, because models are code, and because its SageMaker front end listens on every
 * address and no flag changes that. Its working directory is an empty folder: in the container that is
 * `/opt/tritonserver`, where a model doesn't find its own files by relative paths either. It ends with this process,
 * however that ends.
 * Source: https://github.com/triton-inference-server/server/blob/main/build.py (WORKDIR)
 *
 * @param options how to start it
 * @throws MessageError if the port is taken
 */
export async function launchTriton(options: LaunchOptions): Promise<LaunchedTriton> {
  const started = Promise.withResolvers<Container>();
  const door = await openFrontDoor(options, async (request) => (await started.promise)(request));
  try {
    const { socket, ...triton } = await launch(options);
    const server = forwardTo({ socketPath: `\0${socket}` });
    const { route = (path: string) => path } = options;
    const container: Container = (request) => server({ ...request, path: route(request.path) });
    started.resolve(container);
    void triton.ended.finally(door.close);
    return { ...triton, container, url: door.url };
  } catch (error) {
    door.close();
    throw error;
  }
}

/** The report of isolate.py. */
interface Report {
  readonly socket: string;
  readonly reason: string | null;
  readonly open: readonly string[];
}

async function launch(
  options: LaunchOptions,
): Promise<Omit<LaunchedTriton, "url" | "container"> & { readonly socket: string }> {
  const { installation, portArgument = "--sagemaker-port", modelsDirectory = "" } = options;
  // In its own network any port is free; without one, this port is.
  const port = await freePort();
  const workingDirectory = await freshFolder();
  const needed = [installation.directory, path.dirname(installation.backendDirectory)];
  const child = spawn(
    installation.python.executable,
    [
      // Python's own variables in the container's environment are meant for the models.
      ...["-uEsB", fileURLToPath(new URL("isolate.py", import.meta.url)), String(port), modelsDirectory],
      ...[JSON.stringify(needed), installation.server, `--backend-directory=${installation.backendDirectory}`],
      ...[`${portArgument}=${port}`, ...options.arguments],
    ],
    {
      // A separate session, so that Ctrl-C in a terminal only reaches this process, which then stops Triton cleanly.
      detached: true,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      cwd: workingDirectory,
      env: { LANG: "C.UTF-8", ...options.environment, ...installation.environment },
    },
  );
  const log = new TritonLog(options.onModelLine);
  (child.stdio[3] as Readable).setEncoding("utf8").on("data", (text: string) => {
    log.add(text);
  });
  let ownErrors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ownErrors += text));
  const ended = exitCode(child).finally(() => rm(workingDirectory, { recursive: true, force: true }));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const lines = createInterface(child.stdout);
  const first = await new Promise<string | undefined>((resolve) => {
    lines.once("line", resolve).once("close", () => {
      resolve(undefined);
    });
  });
  if (first === undefined) {
    await ended;
    throw new MessageError(`Triton did not start:\n${ownErrors}${log.text}`);
  }
  lines.on("line", (line) => options.onModelEnded?.(JSON.parse(line) as EndedModel));
  const { socket, reason, open } = JSON.parse(first) as Report;
  const isolation: Isolation = reason === null ? { isolated: true, open } : { isolated: false, reason };
  return { socket, isolation, log, ended, stop };
}
