import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { documentAt } from "../servedModel.ts";

/** What a server has added up since its start. */
export interface ServerTotals {
  /** The requests that it answered. */
  readonly requests: number;
  /** The time that they spent in each part, by Triton's metric. */
  readonly microseconds: Readonly<Record<string, number>>;
}

/** The parts of a request's latency, in milliseconds on average. */
export interface ServerShare {
  /** Waiting in Triton. */
  readonly queue: number;
  /** In the model: inputs, inference, outputs. */
  readonly compute: number;
  /** Everything else: the network, Triton's front end, this client. */
  readonly network: number;
}

const totals = z.object({ requests: z.number(), microseconds: z.record(z.string(), z.number()) });

/** How often a server on this machine adds up, and a margin, in milliseconds. */
const settled = 2500;

/**
 * Asks a server on this machine how long requests have spent in Triton. Only one whose stack sets
 * `monitoring.serverMetrics` knows.
 *
 * @param url the server's address
 * @returns `undefined` if it doesn't say
 */
async function readServerTotals(url: string): Promise<ServerTotals | undefined> {
  const { success, data } = totals.safeParse(await documentAt(`${url}/v2/server-times`));
  return success ? data : undefined;
}

/**
 * Splits the latency of a load into its parts.
 *
 * @param url the server's address
 * @param load the load, which resolves with its result
 * @returns the load's result, with the parts if the server knows them
 */
export async function withServerShare<Result extends { readonly mean?: number }>(
  url: string | undefined,
  load: () => Promise<Result>,
): Promise<Result & { readonly server?: ServerShare }> {
  const before = url === undefined ? undefined : await readServerTotals(url);
  const result = await load();
  if (url === undefined || !before || result.mean === undefined) return result;
  await sleep(settled);
  const after = await readServerTotals(url);
  const server = after && shareOf(before, after, result.mean);
  return server ? { ...result, server } : result;
}

/**
 * The parts of the latency between two readings.
 *
 * @param mean the average latency, in milliseconds
 * @returns `undefined` if nothing was answered between them
 */
export function shareOf(before: ServerTotals, after: ServerTotals, mean: number): ServerShare | undefined {
  const requests = after.requests - before.requests;
  if (requests <= 0) return undefined;
  const spent = (...names: readonly string[]) =>
    names.reduce((sum, name) => sum + (after.microseconds[name] ?? 0) - (before.microseconds[name] ?? 0), 0) /
    (1000 * requests);
  const queue = spent("QueueTime");
  const compute = spent("InputTime", "ComputeTime", "OutputTime");
  return { queue, compute, network: Math.max(0, mean - queue - compute) };
}

/**
 * The part that bounds how many requests are answered, in words.
 *
 * @param share the parts
 */
export function boundOf({ queue, compute, network }: ServerShare): string {
  if (queue >= compute && queue >= network) return "requests wait for the model: more instances, or larger batches";
  return compute >= network ? "the model's computing" : "the network and the front end, not the model";
}
