import type { Tensor } from "../client/inference.ts";
import { answerRows } from "./answer.ts";
import { fittingTable } from "./fittingTable.ts";

/**
 * Tensors as a table: a row for each item of the batch and a column for each tensor or, where that is wider than the
 * terminal, the items one below the other with a line for each tensor.
 *
 * @param tensors the tensors, those of the request first
 * @param width how many columns the terminal has. Default: those of standard output, or 80 where it is no terminal
 */
export function answerTable(tensors: readonly Tensor[], width?: number): string {
  const rows = answerRows(tensors);
  const more = rows.length - mostRows;
  return [
    fittingTable(rows.slice(0, mostRows), "item", width),
    ...(more > 0 ? [`… and ${more} more of ${rows.length}: --json and --save of invoke have all`] : []),
  ].join("\n");
}

const mostRows = 40;
