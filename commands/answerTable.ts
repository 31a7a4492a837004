import type { Tensor } from "../inference/index.ts";
import { answerRows } from "./answer.ts";
import { fittingTable } from "./fittingTable.ts";

/**
 * Prints tensors as a table: a row for each item of the batch and a column for each tensor or, if that is wider than
 * the terminal, the items one below the other with a line for each tensor.
 *
 * @param tensors the tensors, the request's first
 * @param width the terminal's columns. Default: those of standard output, or 80 if it isn't a terminal
 */
export function answerTable(tensors: readonly Tensor[], width?: number): string {
  const { rows, items, more } = answerRows(tensors);
  const rest = "use invoke with --json or --save for all";
  return [
    fittingTable(rows, "item", width),
    ...(items > rows.length ? [`… and ${items - rows.length} more of ${items}: ${rest}`] : []),
    ...(more > 0 ? [`… and ${more} more tensors: ${rest}`] : []),
  ].join("\n");
}
