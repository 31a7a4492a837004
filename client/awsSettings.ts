import { Agent } from "node:https";
import { longestAnswerInSeconds, type SenderOptions } from "./invocation.ts";
import type { EndpointTarget } from "./target.ts";

/**
 * What AWS's clients are made with. What isn't given is found as by AWS's own tools: environment, shared files, instance.
 *
 * @param target the endpoint
 * @param options how the client behaves
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
      // SageMaker's own answer, which tells more, should come first.
      requestTimeout: (timeoutInSeconds + 5) * 1000,
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ keepAlive: true, maxSockets: connections }),
    },
  };
}
