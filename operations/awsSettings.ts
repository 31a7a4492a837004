import { Agent } from "node:https";
import { longestAnswerInSeconds, type SenderOptions } from "./invocation.ts";
import type { EndpointTarget } from "./target.ts";

/**
 * The settings of AWS's clients. Whatever isn't given comes from where AWS's own tools look: environment, shared files,
 * instance.
 *
 * @param target the endpoint
 * @param options timeout, connections and retries
 */
export function awsSettings(
  { region, profile }: Pick<EndpointTarget, "region" | "profile">,
  options: SenderOptions = {},
) {
  const { timeoutInSeconds = longestAnswerInSeconds, connections = 50, retries = true } = options;
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(!retries && { maxAttempts: 1 }),
    requestHandler: {
      connectionTimeout: 5000,
      // Let SageMaker's own timeout, which explains more, come first.
      requestTimeout: (timeoutInSeconds + 5) * 1000,
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ keepAlive: true, maxSockets: connections }),
    },
  };
}
