import { once } from "node:events";
import { describeBytes } from "../text/describeBytes.ts";
import { printable } from "../text/printable.ts";

/**
 * Prints a long text piece by piece, as fast as it is taken, with control characters escaped.
 *
 * @param pieces the pieces
 */
export async function printPieces(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.write(printable(piece))) await once(process.stdout, "drain");
  }
  process.stdout.write("\n");
}

/**
 * Decodes an answer as it arrives.
 *
 * @param pieces the answer
 * @throws Error if it isn't text
 */
export async function* readable(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const text = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (error) {
      const found = piece ? ` (${describeBytes(piece)})` : "";
      throw new Error(`--stream: the answer isn't text${found}: use --json without --stream`, { cause: error });
    }
  };
  for await (const piece of pieces) yield text(piece);
  yield text();
}
