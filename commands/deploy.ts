import type { Command } from "commander";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { cliInstallation, pulumiCli, pulumiLauncher } from "../operations/pulumiCli.ts";
import { readTextFile } from "../packing/regularFile.ts";
import { credentialsRemedy } from "../releases/accessProblem.ts";
import { destroysVariable } from "../releases/destroyRun.ts";
import { mendingCommand } from "../releases/endpointState.ts";
import { rightLine, type Invocation } from "./npm.ts";
import { projectDirectory } from "./project.ts";
import { pulumiOptions } from "./pulumiOptions.ts";
import type { Define } from "./run.ts";

/**
 * Defines a command that runs the Pulumi CLI in the project's folder with this Node.js: `up`, `preview`, `destroy`.
 * Checks first for problems that would otherwise fail late and verbosely: no CLI, no AWS credentials, options that npm
 * kept.
 *
 * @param name the CLI's command
 */
export function defineDeploy(name: "up" | "preview" | "destroy"): Define {
  return (command: Command) => {
    command
      .description(`Run pulumi ${name} in the project's folder. Options are the CLI's own: see pulumi ${name} --help.`)
      .helpOption(false)
      .allowUnknownOption()
      .argument("[arguments...]", "the CLI's arguments and options")
      .action(async (args: readonly string[]) => {
        refuseKept({ name: command.name(), script: command.name().startsWith("npm") }, args);
        const directory = projectDirectory();
        const cli = pulumiCli(process.env.PATH ?? "");
        if (cli === undefined) throw new Error(`there is no Pulumi CLI on the PATH: ${remedy}`);
        if (!args.includes("--help")) await refuseWithoutCredentials(directory);
        if (cli === pulumiLauncher && (await runCli(cli, ["version"], directory, "ignore")) !== 0) {
          throw new Error(`there is no Pulumi CLI on the PATH, and it can't be downloaded: ${remedy}`);
        }
        process.exitCode = await runCli(cli, [name, ...(name === "destroy" ? destroyOptions : []), ...args], directory);
        if (interrupted && name === "up" && process.exitCode !== 0) console.error(`error: ${interruptedUpdate(args)}`);
      });
  };
}

/** The program guards what it deletes, so the engine must run it: see "What can be deleted" in docs/releases.md. */
const destroyOptions = ["--run-program"];

const remedy = `install it from ${cliInstallation}`;

function refuseKept(invocation: Invocation, args: readonly string[]): void {
  const line = rightLine(invocation, pulumiOptions, args, process.env);
  if (line !== undefined) throw new Error(`npm kept options for itself that belong after "--": use ${line}`);
}

/** If the stack configures how to reach AWS (a profile, a role, keys), leave the credentials to its provider. */
async function refuseWithoutCredentials(directory: string): Promise<void> {
  const files = globSync("Pulumi.*.yaml", { cwd: directory }).map((file) => path.join(directory, file));
  if (files.some(reachesAws)) return;
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  try {
    await fromNodeProviderChain({ timeout: 1000, maxRetries: 0 })();
  } catch (error) {
    throw new Error(`there are no AWS credentials: ${credentialsRemedy}`, { cause: error });
  }
}

/** Also of a file that can't be read or is too large: what it says is the CLI's to tell. */
function reachesAws(file: string): boolean {
  try {
    return /^\s*["']?aws:(?!region\b)\w/m.test(readTextFile(file, 2 ** 20));
  } catch {
    return true;
  }
}

let interrupted = false;

/** One remedy for a run that was ended at any moment: a refresh also clears what a plain run would stumble over. */
function interruptedUpdate(args: readonly string[]): string {
  const { values } = parseArgs({ args: [...args], options: { stack: { type: "string", short: "s" } }, strict: false });
  const stack = typeof values.stack === "string" ? values.stack : undefined;
  const option = stack === undefined ? "" : ` --stack ${stack}`;
  return `the update was interrupted. To complete it: ${mendingCommand(stack)} (if the stack is locked, first: npx pulumi cancel${option})`;
}

async function runCli(
  cli: string,
  args: readonly string[],
  directory: string,
  output: "inherit" | "ignore" = "inherit",
): Promise<number> {
  // Ctrl-C in a terminal also reaches the CLI, which shuts down cleanly; this process waits for it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => (interrupted = true));
  // The CLI starts the program with the first Node.js on the PATH.
  const PATH = [path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  const child = spawn(cli, args, {
    cwd: directory,
    stdio: ["inherit", output, "inherit"],
    env: { ...process.env, PATH, ...(args[0] === "destroy" && { [destroysVariable]: "true" }) },
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
