import { InvocationError } from "../invocationError.ts";

/** When the tokens of a streamed answer arrived, by `performance.now()`. */
export interface TokenTimes {
  /** One time for each token, in order; at least one. */
  readonly arrived: readonly number[];
}

/**
 * Reads a streamed answer and notes when its tokens arrive. Each server-sent event counts as a token, which is what
 * Triton's `generate_stream` sends for each response of the model; of an answer without events, each piece.
 *
 * @param pieces the answer
 * @throws InvocationError if the answer is empty, or one of its events is an error of the model
 */
export async function readTokens(pieces: AsyncIterable<Uint8Array>): Promise<TokenTimes> {
  const arrived: number[] = [];
  const decoder = new TextDecoder();
  let open = "";
  let hasEvents: boolean | undefined;
  for await (const piece of pieces) {
    const now = performance.now();
    open += decoder.decode(piece, { stream: true });
    hasEvents ??= open.startsWith("data:");
    const ended = hasEvents ? open.split(/\r?\n\r?\n/) : [open, ""];
    open = ended.pop() ?? "";
    for (const event of ended) {
      refuseError(event);
      arrived.push(now);
    }
  }
  if (arrived.length === 0) throw new InvocationError("bad answer", "the streamed answer is empty");
  return { arrived };
}

/** Triton reports what goes wrong after the first byte as an event: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md */
function refuseError(event: string): void {
  const [, error] = /^data: *\{"error": *("(?:[^"\\]|\\.)*")/.exec(event) ?? [];
  if (error !== undefined) throw new InvocationError("model failed", `the model ended its answer: ${error}`);
}
