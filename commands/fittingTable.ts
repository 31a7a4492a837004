import { Table } from "console-table-printer";
import { wrappedLines } from "./fitted.ts";

/**
 * Prints rows as a table or, if that is wider than the terminal, one below the other with a line for each column.
 *
 * @param rows the rows; each has every column
 * @param what what a row is called in headings if there are several, for example `item`
 * @param width the terminal's columns. Default: those of standard output, or 80 if it isn't a terminal
 */
export function fittingTable(
  rows: readonly Readonly<Record<string, string>>[],
  what: string,
  width: number = process.stdout.columns || 80,
): string {
  const table = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: "left" } });
  table.addRows([...rows]);
  const wide = table.render();
  if (wide.split("\n").every((line) => line.length <= width)) return wide;
  const longest = Math.max(...rows.flatMap((row) => Object.keys(row).map((name) => name.length)));
  const indent = longest + 4;
  return rows
    .map((row, index) => {
      const lines = Object.entries(row).map(
        ([name, value]) =>
          `  ${name.padEnd(longest)}  ${wrappedLines(value, width - indent).join(`\n${" ".repeat(indent)}`)}`,
      );
      return [...(rows.length > 1 ? [`${what} ${index + 1} of ${rows.length}`] : []), ...lines].join("\n");
    })
    .join("\n");
}
