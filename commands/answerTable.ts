import { Table } from "console-table-printer";
import type { Tensor } from "../client/inference.ts";
import { answerRows } from "./answer.ts";

/**
 * Tensors as a table: a row for each item of the batch and a column for each tensor or, where that is wider than the
 * terminal, the items one below the other with a line for each tensor.
 *
 * @param tensors the tensors, those of the request first
 * @param width how many columns the terminal has. Default: those of standard output, or 80 where it is no terminal
 */
export function answerTable(tensors: readonly Tensor[], width: number = process.stdout.columns || 80): string {
  const rows = answerRows(tensors);
  const table = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: "left" } });
  table.addRows(rows);
  const wide = table.render();
  if (wide.split("\n").every((line) => line.length <= width)) return wide;
  const longest = Math.max(...rows.flatMap((row) => Object.keys(row).map((name) => name.length)));
  return rows
    .map((row, index) => {
      const lines = Object.entries(row).map(
        ([name, value]) => `  ${name.padEnd(longest)}  ${wrapped(value, width, longest + 4)}`,
      );
      return [...(rows.length > 1 ? [`item ${index + 1} of ${rows.length}`] : []), ...lines].join("\n");
    })
    .join("\n");
}

function wrapped(value: string, width: number, indent: number): string {
  const lines = [""];
  for (const word of value.split(/(?<=, )/)) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && indent + line.length + word.trimEnd().length > width) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines.map((line) => line.trimEnd()).join(`\n${" ".repeat(indent)}`);
}
