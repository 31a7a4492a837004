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
  { region, profile }: { readonly [Key in "region" | "profile"]?: EndpointTarget[Key] | undefined },
  options: SenderOptions = {},
) {
  const { timeoutInSeconds = longestAnswerInSeconds, connections = 50, retries = true } = options;
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(!retries && { maxAttempts: 1 }),
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: patience(timeoutInSeconds),
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ keepAlive: true, maxSockets: connections }),
    },
  };
}

/**
 * The time that AWS's clients wait for an answer, in milliseconds: SageMaker's own timeout, which explains more, comes
 * first.
 *
 * @param timeoutInSeconds how long an answer may take
 */
export function patience(timeoutInSeconds: number = longestAnswerInSeconds): number {
  return (timeoutInSeconds + 5) * 1000;
}
