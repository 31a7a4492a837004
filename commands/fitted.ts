import { Help } from "commander";
import { stripVTControlCharacters } from "node:util";

/**
 * Wraps text to the terminal: long lines break between words and continue indented below their own text, next to a
 * leading label (` error …`) or within their branch of a tree. Without a terminal, lines aren't wrapped, for programs
 * and searches.
 *
 * @param text the text
 * @param columns the number of columns; `undefined` without a terminal. Default: standard output's
 */
export function fitted(text: string, columns: number | undefined = process.stdout.columns): string {
  if (!columns) return text;
  return text
    .split("\n")
    .map((line) => (widthOf(line) <= columns ? line : broken(line, columns)))
    .join("\n");
}

/**
 * Wraps text between words; a word longer than a line gets its own line.
 *
 * @param text the text, without line breaks
 * @param width the width of a line
 */
export function wrappedLines(text: string, width: number): string[] {
  const help = new Help();
  help.minWidthToWrap = 0;
  return help.boxWrap(text, Math.max(20, width)).split("\n");
}

function broken(line: string, columns: number): string {
  const [branch = ""] = /^[ │├└─]*/.exec(line) ?? [];
  const rest = line.slice(branch.length);
  const [label = ""] = /^\S.{0,30}? {2,}/.exec(rest) ?? [];
  const tree = branch.includes("─");
  const below = `${branch.replaceAll("├", "│").replace(/[└─]/g, " ")}${tree ? "  " : ""}${" ".repeat(widthOf(label))}`;
  const width = columns - widthOf(below);
  const text = rest.slice(label.length);
  // Elsewhere, leave a long word to the terminal, from which it can then be copied whole.
  const words = tree && width > 0 ? text.replace(new RegExp(`\\S{${width}}(?=\\S)`, "g"), "$& ") : text;
  return `${branch}${label}${wrappedLines(words, width).join(`\n${below}`)}`;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
