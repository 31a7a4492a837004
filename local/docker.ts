import { spawn } from "node:child_process";
import { exitCode } from "./exitCode.ts";
import { MessageError } from "./messageError.ts";
import { isMissingCommand } from "./missingCommand.ts";

/** The result of a `docker` command. */
export interface DockerResult {
  /** Its exit code. */
  readonly code: number;
  /** Its standard output. */
  readonly output: string;
  /** The last line of its standard error. */
  readonly reason: string;
}

/**
 * Runs `docker` and waits for it to end.
 *
 * @param args its arguments
 * @param options `signal` ends it early; `shown` shows its output on this process's standard error. Default: neither
 * @throws MessageError if there is no `docker`
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

const missing = "--docker needs Docker, but there is no docker on the PATH: install it, or remove --docker";

/**
 * Makes sure that a Docker daemon answers.
 *
 * @param signal ends it early. Default: none
 * @throws MessageError if none answers
 */
export async function requireDocker(signal?: AbortSignal): Promise<void> {
  const { code, reason } = await docker(["version", "--format", "{{.Server.Version}}"], { signal });
  if (code === 0) return;
  throw new MessageError(`--docker needs a running Docker daemon, but none answers: ${reason}`);
}
