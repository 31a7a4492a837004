import { once } from "node:events";
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
