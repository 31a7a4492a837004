import { Command, type Option } from "commander";
import { describeSystemError, systemReason } from "../packing/systemError.ts";
import { bypassProxies } from "../releases/loopback.ts";
import { fitted } from "./fitted.ts";
import { invocationOf, rightLine } from "./npm.ts";
import { printable } from "./printable.ts";

/** Gives a command its description, arguments, options and action. */
export type Define = (command: Command) => void;

/**
 * Runs a command to its end. Whatever goes wrong is told in one message without a stack and ends the process with 1;
 * a defect of the program itself shows its stack when `DEBUG` is set. Where nobody reads the output any more
 * (`| head -1`), the command ends quietly.
 *
 * @param name the command, for example `plan`
 * @param define gives the command its description, arguments, options and action
 * @param args what follows the command's name. Default: the process's own arguments
 */
export async function runCommand(name: string, define: Define, args = process.argv.slice(2)): Promise<void> {
  process.stdout.on("error", endOfPipe);
  process.stderr.on("error", endOfPipe);
  // Where an Output fails that nobody waits for, Pulumi's runtime leaves a rejection that nobody handles.
  process.on("unhandledRejection", fail);
  bypassProxies();
  try {
    const invocation = invocationOf(name, process.env);
    const command = new Command(invocation.name);
    command.configureOutput({
      writeErr: (text) => {
        process.stderr.write(fitted(printable(text), process.stderr.columns));
      },
    });
    // Also beside the longest option, in a terminal of 60 columns.
    command.configureHelp({ minWidthToWrap: 20 });
    define(command);
    // npm runs its scripts in the package's folder; a relative path is relative to where the user stands.
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
 * Says that the command cleans up by itself: from here on Ctrl-C, the other signals that end a process and a closed pipe
 * abort what is returned and leave the process running, however often they come: npm passes a Ctrl-C on that the terminal
 * has sent already. Without it they end the process at once.
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

function fail(error: unknown): void {
  // What an interruption breaks off fails, too, and is nobody's mistake.
  if (stop.signal.aborted) {
    if (stop.signal.reason !== closedPipe) process.exitCode = 130;
    return;
  }
  process.exitCode = 1;
  const message = describeSystemError(error) ?? (error instanceof Error ? error.message : String(error));
  if (told.has(message)) return;
  told.add(message);
  if (process.env.DEBUG) console.error(error);
  else console.error(fitted(printable(`error: ${message}`), process.stderr.columns));
}
