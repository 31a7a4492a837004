import { benchCodec } from "./codec.ts";
import { benchLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";

/** The options of `npm run bench -- invoke`. */
export interface InvokeBenchOptions {
  /** How long to encode and to decode each tensor. */
  readonly milliseconds: number;
  /** How often to send each tensor each way. */
  readonly requests: number;
  /** Called with the current step. */
  readonly onStep: (step: string) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/**
 * Measures the client: its codec against Triton's own client in Python, and its requests against plain HTTP ones.
 *
 * @param options durations and repetitions
 * @returns the tables in Markdown
 * @throws Error if Triton or its client can't be installed or started
 */
export async function benchInvoke({ milliseconds, requests, onStep, signal }: InvokeBenchOptions): Promise<string> {
  const codec = await benchCodec(milliseconds, onStep, signal);
  const latency = await benchLatency(requests, onStep, signal);
  return [describeMachine(), "", codec, "", latency].join("\n");
}
