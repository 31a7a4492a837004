import type { Command } from "commander";
import type { StackSays } from "../client/statusAdvice.ts";
import type { EndpointTarget, TargetOptions } from "../client/target.ts";
import { targetOf } from "./target.ts";

/**
 * Gives a command the options that name an endpoint.
 *
 * @param command the command
 */
export function withEndpoint(command: Command): Command {
  return command
    .option("--stack <name>", "a deployed stack: its outputs name the endpoint (needs the Pulumi CLI)")
    .option("--endpoint <name>", "an endpoint, in place of a stack's")
    .option("--region <name>", "the endpoint's region (default: the stack's, or AWS's own default)");
}

/**
 * The endpoint that a command is about.
 *
 * @param options what the user says
 * @throws Error where too little is said, or the stack has no endpoint
 */
export async function endpointOf(options: TargetOptions): Promise<EndpointTarget> {
  if (options.stack === undefined && options.endpoint === undefined) {
    throw new Error("which endpoint? Use --stack NAME for a deployed stack, or --endpoint NAME --region REGION");
  }
  const target = await targetOf(options);
  if (target.kind === "endpoint") return target;
  throw new Error(`${target.url} is a server, not an endpoint`);
}

/**
 * What a stack's outputs say of its endpoint.
 *
 * @param target the endpoint
 * @param stack the stack's name, where one was given
 */
export function stackSays({ outputs }: EndpointTarget, stack?: string): StackSays {
  const { endpointConfigName } = outputs ?? {};
  return {
    ...(stack !== undefined && { stack }),
    ...(typeof endpointConfigName === "string" && { endpointConfigName }),
  };
}
