import { Command, type Option } from "commander";
import { describeSystemError, systemReason } from "../text/systemError.ts";
import { bypassProxies } from "../releases/loopback.ts";
import { fitted } from "./fitted.ts";
import { invocationOf, rightLine } from "./npm.ts";
import { guardOutput } from "./output.ts";
import { printableMessage } from "../text/printable.ts";

/** Defines a command's description, arguments, options and action. */
export type Define = (command: Command) => void;

/**
 * Runs a command. Any error is printed as one message without a stack trace, and the process exits with 1; for a bug in
 * the program, set `DEBUG` to see the stack trace. If the output is closed (`| head -1`), the command ends silently.
 *
 * @param name the command, for example `plan`
 * @param define defines the command's description, arguments, options and action
 * @param args the arguments after the command's name. Default: the process's own
 */
export async function runCommand(name: string, define: Define, args = process.argv.slice(2)): Promise<void> {
  guardOutput();
  process.stdout.on("error", endOfPipe);
  process.stderr.on("error", endOfPipe);
  // If an Output that nobody waits for fails, Pulumi's runtime leaves an unhandled rejection.
  process.on("unhandledRejection", fail);
  bypassProxies();
  try {
    const invocation = invocationOf(name, process.env);
    const command = new Command(invocation.name);
    command.configureOutput({
      writeErr: (text) => {
        process.stderr.write(fitted(printableMessage(text), process.stderr.columns));
      },
    });
    // Leaves room next to the longest option in a terminal of 60 columns.
    command.configureHelp({ minWidthToWrap: 20 });
    define(command);
    // npm runs scripts in the package's folder, but relative paths are relative to the user's working directory.
    if (invocation.script && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
    const line = rightLine(invocation, optionsOf(command), args, process.env);
    if (line !== undefined) throw new Error(`npm kept options for itself that belong after "--": use ${line}`);
    await command.parseAsync(args, { from: "user" });
  } catch (error) {
    fail(error);
  }
}

function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}

const stop = new AbortController();
const closedPipe = "EPIPE";
let cleansUp = false;

/**
 * Lets a command clean up after itself: from now on Ctrl-C, other terminating signals and a closed pipe abort the
 * returned signal instead of ending the process, however often they arrive, since npm forwards a Ctrl-C that the
 * terminal has already sent. Without it they end the process at once.
 */
export function interruption(): AbortSignal {
  if (!cleansUp) {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(name, () => {
        stop.abort(name);
      });
    }
  }
  cleansUp = true;
  return stop.signal;
}

function endOfPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") {
    process.exitCode = 1;
    console.error(`error: what the command prints can't be written: ${systemReason(error)}`);
  }
  stop.abort(closedPipe);
  if (!cleansUp) process.exit();
}

const told = new Set<string>();

/**
 * Takes an error for told: an Output that fails with it, and that nobody waits for, is no further error.
 *
 * @param error what the command tells otherwise than as an error
 */
export function takeAsTold(error: unknown): void {
  for (let each = error; each instanceof Error; each = each.cause) told.add(messageOf(each));
}

function fail(error: unknown): void {
  // Interrupted work fails too, which isn't an error.
  if (stop.signal.aborted) {
    if (stop.signal.reason !== closedPipe) process.exitCode = 130;
    return;
  }
  if (told.has(messageOf(error))) return;
  process.exitCode = 1;
  tell(error);
}

/**
 * Prints an error that the command survives, as one that ends it is printed.
 *
 * @param error what was thrown
 */
export function tell(error: unknown): void {
  takeAsTold(error);
  const message = messageOf(error);
  if (process.env.DEBUG) console.error(error);
  else console.error(fitted(printableMessage(`error: ${message}`), process.stderr.columns));
}

function messageOf(error: unknown): string {
  return describeSystemError(error) ?? (error instanceof Error ? error.message : String(error));
}
