import { benchCodec } from "./codec.ts";
import { benchLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";

/** What `npm run bench -- invoke` is told. */
export interface InvokeBenchOptions {
  /** How long each tensor is encoded, and decoded. */
  readonly milliseconds: number;
  /** How often each tensor is sent each way. */
  readonly requests: number;
  /** Told what is being done. */
  readonly onStep: (step: string) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Measures the client: its codec beside Triton's own client in Python, and its requests beside plain HTTP ones.
 *
 * @param options how long and how often
 * @returns the tables in Markdown
 * @throws Error where Triton or its client can't be installed or started
 */
export async function benchInvoke({ milliseconds, requests, onStep, signal }: InvokeBenchOptions): Promise<string> {
  const codec = await benchCodec(milliseconds, onStep, signal);
  const latency = await benchLatency(requests, onStep, signal);
  return [describeMachine(), "", codec, "", latency].join("\n");
}
