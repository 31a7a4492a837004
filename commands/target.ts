import type { Command } from "commander";
import { pulumiCli } from "../client/pulumiCli.ts";
import { findTarget, readStackOutputs, type Target, type TargetOptions } from "../client/target.ts";
import { readStackConfig, UnknownStackError } from "../preview/stackConfig.ts";
import { projectDirectory } from "./project.ts";

/**
 * Gives a command the options that say where its requests go.
 *
 * @param command the command
 */
export function withTarget(command: Command): Command {
  return command
    .option("--stack <name>", "a deployed stack: its outputs name the endpoint (needs the Pulumi CLI)")
    .option("--endpoint <name>", "an endpoint, in place of a stack's")
    .option("--region <name>", "the endpoint's region (default: the stack's, or AWS's own default)")
    .option("--url <address>", "a server, for example http://127.0.0.1:8080 of npm run serve");
}

/**
 * Where a command's requests go.
 *
 * @param options what the user says
 * @throws Error where too little or too much is said, or the stack has no endpoint
 */
export function targetOf(options: TargetOptions): Promise<Target> {
  return findTarget(options, {
    outputs: (stack) => readStackOutputs(stack, projectDirectory(), pulumiCli(process.env.PATH ?? "")),
    profile: (stack) => profileOf(stack),
  });
}

/** The Pulumi CLI takes `organization/project/stack`; a stack's file has its last part alone. */
function profileOf(stack: string): string | undefined {
  try {
    return readStackConfig(projectDirectory(), stack.split("/").at(-1) ?? stack).config["aws:profile"];
  } catch (error) {
    if (error instanceof UnknownStackError) return undefined;
    throw error;
  }
}
