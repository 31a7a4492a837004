import { Help } from "commander";
import { stripVTControlCharacters } from "node:util";

/**
 * Text whose lines fit the terminal: a longer one is broken between words, and goes on below its own text: beside the label
 * that it begins with (`  error    …`), or within its branch of a tree. Where there is no terminal, lines stay whole, for
 * programs and for searches.
 *
 * @param text the text
 * @param columns how many columns there are; `undefined` where no terminal is written to. Default: standard output's
 */
export function fitted(text: string, columns: number | undefined = process.stdout.columns): string {
  if (!columns) return text;
  return text
    .split("\n")
    .map((line) => (widthOf(line) <= columns ? line : broken(line, columns)))
    .join("\n");
}

/**
 * Text in lines of at most a width, broken between words; a word that is longer has a line of its own.
 *
 * @param text the text, without line breaks
 * @param width how many columns a line has
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
  // Elsewhere the terminal breaks a long word, which then can be copied from it whole.
  const words = tree && width > 0 ? text.replace(new RegExp(`\\S{${width}}(?=\\S)`, "g"), "$& ") : text;
  return `${branch}${label}${wrappedLines(words, width).join(`\n${below}`)}`;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
