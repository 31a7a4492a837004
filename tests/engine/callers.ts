import { setTimeout as pause } from "node:timers/promises";
import type { EngineStack } from "./engineStack.ts";
import { servedEndpoints, servingProblems } from "./served.ts";

/** What callers of an endpoint saw. */
export interface Calls {
  /** How many requests they sent. */
  readonly sent: number;
  /** Why each request was lost that got no answer. */
  readonly lost: readonly string[];
}

/**
 * Calls an endpoint every 100 ms, or as fast as the emulator answers if that takes longer. It runs no models: a request is answered if the endpoint is in service, with a
 * configuration and Models that are there and can be read.
 *
 * @param stack where the endpoint is
 * @param endpointName its name
 * @returns what stops the callers
 */
export function startCalling({ emulator, cloud }: EngineStack, endpointName: string): { stop: () => Promise<Calls> } {
  const lost: string[] = [];
  let [sent, stopped] = [0, false];
  const call = async () => {
    const endpoint = (await servedEndpoints(emulator.clients, cloud)).find(({ name }) => name === endpointName);
    // An endpoint that is being updated goes on answering.
    const answering = endpoint && {
      ...endpoint,
      status: endpoint.status === "Updating" ? "InService" : endpoint.status,
    };
    const problems = answering ? await servingProblems(emulator.clients, cloud, answering) : ["no such endpoint"];
    sent += 1;
    if (problems.length > 0) lost.push(problems.join(", "));
  };
  const calling = (async () => {
    while (!stopped) await Promise.all([call(), pause(100)]);
  })();
  return {
    stop: async () => {
      stopped = true;
      await calling;
      return { sent, lost };
    },
  };
}
