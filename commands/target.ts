import type { Command } from "commander";
import { pulumiCli } from "../operations/pulumiCli.ts";
import { findTarget, readStackOutputs, type Target, type TargetOptions } from "../operations/target.ts";
import { readStackConfig, UnknownStackError } from "../preview/stackConfig.ts";
import { projectDirectory } from "./project.ts";

/**
 * Adds the options for the target of requests to a command.
 *
 * @param command the command
 */
export function withTarget(command: Command): Command {
  return command
    .option("--stack <name>", "a deployed stack: its outputs name the endpoint (needs the Pulumi CLI)")
    .option("--endpoint <name>", "an endpoint, instead of a stack's")
    .option("--region <name>", "the endpoint's region (default: the stack's, or AWS's own default)")
    .option("--url <address>", "a server, for example http://127.0.0.1:8080 of npm run serve");
}

/**
 * Finds the target of a command's requests.
 *
 * @param options the user's options
 * @throws Error if the options say too little or too much, or the stack has no endpoint
 */
export function targetOf(options: TargetOptions): Promise<Target> {
  return findTarget(options, {
    outputs: (stack) => readStackOutputs(stack, projectDirectory(), pulumiCli(process.env.PATH ?? "")),
    profile: (stack) => profileOf(stack),
  });
}

/** The Pulumi CLI takes `organization/project/stack`; a stack's file is named after the last part only. */
function profileOf(stack: string): string | undefined {
  try {
    return readStackConfig(projectDirectory(), stack.split("/").at(-1) ?? stack).config["aws:profile"];
  } catch (error) {
    if (error instanceof UnknownStackError) return undefined;
    throw error;
  }
}
