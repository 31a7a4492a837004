import { spawn } from "node:child_process";
import { exitCode } from "./exitCode.ts";
import { MessageError } from "./messageError.ts";
import { isMissingCommand } from "./missingCommand.ts";

/** What a call of `docker` came to. */
export interface DockerResult {
  /** Its exit code. */
  readonly code: number;
  /** What it printed. */
  readonly output: string;
  /** The last line that it printed to standard error. */
  readonly reason: string;
}

/**
 * Calls `docker` and waits for its end.
 *
 * @param args its arguments
 * @param options `signal` ends it early; `shown` lets it print to this process's standard error. Default: neither
 * @throws MessageError where there is no `docker`
 */
export async function docker(
  args: readonly string[],
  { signal, shown = false }: { readonly signal?: AbortSignal; readonly shown?: boolean } = {},
): Promise<DockerResult> {
  const child = spawn("docker", args, { signal, stdio: ["ignore", shown ? 2 : "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const code = await exitCode(child).catch((error: unknown) => {
    throw isMissingCommand(error) ? new MessageError(missing) : error;
  });
  return { code, output: output.trim(), reason: errors.trim().split("\n").at(-1) ?? "" };
}

const missing = "--docker needs Docker, and there is no docker on PATH: install it, or leave --docker out";

/**
 * Makes sure that a Docker daemon answers.
 *
 * @param signal ends it early. Default: nothing does
 * @throws MessageError where none does
 */
export async function requireDocker(signal?: AbortSignal): Promise<void> {
  const { code, reason } = await docker(["version", "--format", "{{.Server.Version}}"], { signal });
  if (code === 0) return;
  throw new MessageError(`--docker needs a running Docker daemon, and none answers: ${reason}`);
}
