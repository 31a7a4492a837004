import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { exitCode } from "./exitCode.ts";
import { freshFolder } from "./freshFolder.ts";
import { freePort } from "./freePort.ts";
import { MessageError, portTaken } from "./messageError.ts";
import type { TritonInstallation } from "./triton.ts";
import { TritonLog } from "./tritonLog.ts";

/** How to start Triton. */
export interface LaunchOptions {
  /** The installed Triton. */
  readonly installation: TritonInstallation;
  /** Its arguments, without those for ports. */
  readonly arguments: readonly string[];
  /** The argument that sets the only port reachable from outside. Default: that of SageMaker's front end. */
  readonly portArgument?: string;
  /** The port of 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /**
   * The folder that the server sees at `/opt/ml`, as on SageMaker; its arguments may refer to that path. Default: none.
   */
  readonly modelsDirectory?: string;
  /** The server's environment variables; it doesn't inherit any others. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line that a model prints or logs. Default: none. */
  readonly onModelLine?: (line: string) => void;
}

/** A started Triton, which may not be ready yet. */
export interface LaunchedTriton {
  /** Its address, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Whether its own port is isolated from the network and, if not, why. */
  readonly isolation: { readonly isolated: true } | { readonly isolated: false; readonly reason: string };
  /** Whether it sees the models at `/opt/ml`, as on SageMaker. */
  readonly mounted: boolean;
  /** Its log. */
  readonly log: TritonLog;
  /** Resolves with the exit code when it has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Ends it and resolves once none of its processes is left. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Triton isolated from the network, because its SageMaker front end listens on every address and no flag changes
 * that. Its working directory is an empty folder, which is removed with it: in the container that is
 * `/opt/tritonserver`, where a model doesn't find its own files by relative paths either. It ends with this process,
 * however that ends.
 * Source: https://github.com/triton-inference-server/server/blob/main/build.py (WORKDIR)
 *
 * @param options how to start it
 * @throws MessageError if the port is taken
 */
export async function launchTriton(options: LaunchOptions): Promise<LaunchedTriton> {
  const { installation, portArgument = "--sagemaker-port", port, modelsDirectory = "" } = options;
  // In its own network any port is free; without one, this port is.
  const serverPort = await freePort();
  const workingDirectory = await freshFolder();
  const child = spawn(
    installation.python.executable,
    [
      ...[
        "-u",
        fileURLToPath(new URL("isolate.py", import.meta.url)),
        String(port),
        String(serverPort),
        modelsDirectory,
      ],
      ...[installation.server, `--backend-directory=${installation.backendDirectory}`],
      ...[`${portArgument}=${serverPort}`, ...options.arguments],
    ],
    {
      // A separate session, so that Ctrl-C in a terminal only reaches this process, which then stops Triton cleanly.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      cwd: workingDirectory,
      env: { HOME: process.env.HOME, LANG: "C.UTF-8", ...options.environment, ...installation.environment },
    },
  );
  const log = new TritonLog(options.onModelLine);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log.add(text);
  });
  const ended = exitCode(child).finally(() => rm(workingDirectory, { recursive: true, force: true }));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const first = await Promise.race([firstLine(child.stdout), ended.then(() => undefined)]);
  if (first === undefined) throw new MessageError(`Triton did not start:\n${log.text}`);
  const told = JSON.parse(first) as
    { port: number; isolated: boolean; reason: string; mounted: boolean } | { error: string };
  if ("error" in told) {
    await ended;
    throw portTaken(port, told.error);
  }
  return {
    url: `http://127.0.0.1:${told.port}`,
    mounted: told.mounted,
    isolation: told.isolated ? { isolated: true } : { isolated: false, reason: told.reason },
    log,
    ended,
    stop,
  };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const piece of stream) {
    text += String(piece);
    if (text.includes("\n")) break;
  }
  return text;
}
