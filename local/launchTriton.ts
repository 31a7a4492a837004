import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { exitCode } from "./exitCode.ts";
import { freshFolder } from "./freshFolder.ts";
import { freePort } from "./freePort.ts";
import { MessageError, portTaken } from "./messageError.ts";
import type { TritonInstallation } from "./triton.ts";
import { TritonLog } from "./tritonLog.ts";

/** How Triton is started. */
export interface LaunchOptions {
  /** The Triton. */
  readonly installation: TritonInstallation;
  /** Its arguments, without those of a port. */
  readonly arguments: readonly string[];
  /** The argument that sets the one port which is reached from outside. Default: SageMaker's front end. */
  readonly portArgument?: string;
  /** The port of 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** What SageMaker has at `/opt/ml`, where the server sees it then; its arguments may name it. Default: nothing. */
  readonly modelsDirectory?: string;
  /** Variables of the server's environment; nothing else of this process's environment reaches it. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line that a model prints or logs. Default: nobody is. */
  readonly onModelLine?: (line: string) => void;
}

/** A Triton that was started; it may not be ready yet. */
export interface LaunchedTriton {
  /** Its address, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Its own port is out of reach of the network; where not, why not. */
  readonly isolation: { readonly isolated: true } | { readonly isolated: false; readonly reason: string };
  /** Whether it sees the models at `/opt/ml`, as on SageMaker. */
  readonly mounted: boolean;
  /** Its log. */
  readonly log: TritonLog;
  /** Settles with the exit code when it has ended, whoever ended it. */
  readonly ended: Promise<number>;
  /** Ends it and settles once no process of it is left. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Triton out of reach of the network: its SageMaker front end listens on every address, and no flag changes that.
 * It works in an empty folder, which is removed with it: in the container that is `/opt/tritonserver`, where a model that opens
 * files by a relative path finds none of its own, either. It ends with this process, whatever ends this process.
 * Source: https://github.com/triton-inference-server/server/blob/main/build.py (WORKDIR)
 *
 * @param options how it is started
 * @throws MessageError where the port is taken
 */
export async function launchTriton(options: LaunchOptions): Promise<LaunchedTriton> {
  const { installation, portArgument = "--sagemaker-port", port, modelsDirectory = "" } = options;
  // Inside its own network any port is free; where it has none, this one is.
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
      // A session of its own: Ctrl-C in a terminal reaches this process only, which then ends Triton in order.
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
