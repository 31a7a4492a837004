import type { Command } from "commander";
import type { StackSays } from "../operations/statusAdvice.ts";
import type { EndpointTarget, TargetOptions } from "../operations/target.ts";
import { targetOf } from "./target.ts";

/**
 * Adds the options that name an endpoint to a command.
 *
 * @param command the command
 */
export function withEndpoint(command: Command): Command {
  return command
    .option("--stack <name>", "a deployed stack: its outputs name the endpoint (needs the Pulumi CLI)")
    .option("--endpoint <name>", "an endpoint, instead of a stack's")
    .option("--region <name>", "the endpoint's region (default: the stack's, or AWS's own default)");
}

/**
 * Finds the endpoint for a command.
 *
 * @param options the user's options
 * @throws Error if the options don't name an endpoint, or the stack has none
 */
export async function endpointOf(options: TargetOptions): Promise<EndpointTarget> {
  if (options.stack === undefined && options.endpoint === undefined) {
    throw new Error("no endpoint given: use --stack NAME for a deployed stack, or --endpoint NAME --region REGION");
  }
  const target = await targetOf(options);
  if (target.kind === "endpoint") return target;
  throw new Error(`${target.url} is a server, not an endpoint`);
}

/**
 * What a stack's outputs say about its endpoint.
 *
 * @param target the endpoint
 * @param stack the stack's name, if one was given
 */
export function stackSays({ outputs }: EndpointTarget, stack?: string): StackSays {
  const { endpointConfigName } = outputs ?? {};
  return {
    ...(stack !== undefined && { stack }),
    ...(typeof endpointConfigName === "string" && { endpointConfigName }),
  };
}
