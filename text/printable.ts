/**
 * Makes text safe for a terminal: control characters, and those that change the reading direction, become escapes such
 * as `\u001b`. Text that is escaped already stays as it is, and JSON stays JSON with the same content.
 *
 * @param text any text; line breaks and tabs are kept
 */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/**
 * As {@link printable}, for text that must stay on one line: line breaks and tabs are escaped too.
 *
 * @param text any text
 */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

/**
 * A line of a message: escaped, and with what is too long to be read shortened in the middle.
 *
 * @param text any text
 * @returns at most 2,000 characters before they are escaped; of a word or of a text in quotes, at most 200
 */
export function messageLine(text: string): string {
  return printableLine(shortened(text));
}

/**
 * A message of several lines, each as {@link messageLine} makes it.
 *
 * @param text any text
 */
export function printableMessage(text: string): string {
  return text.split("\n").map(messageLine).join("\n");
}

/**
 * The first lines of a list, and the number of the others.
 *
 * @param remedy where to find all of them, for example `--json prints them`. Default: not said
 * @returns at most 50 lines, and one such as `and 249,950 more`
 */
export function listed(lines: readonly string[], remedy?: string): readonly string[] {
  const more = countOfMore(lines.length);
  if (more === undefined) return lines;
  return [...lines.slice(0, mostListed), remedy === undefined ? more : `${more}: ${remedy}`];
}

/**
 * How many of a list are not printed, in words.
 *
 * @param length the length of the list
 * @returns `undefined` if all are
 */
export function countOfMore(length: number): string | undefined {
  return length > mostListed ? `and ${(length - mostListed).toLocaleString("en")} more` : undefined;
}

/** How many lines a person reads before mending the first of them. */
export const mostListed = 50;

const mostOfWord = 200;
const mostOfLine = 2000;

/**
 * Shortens what is too long to be read, whoever made it: words and texts in quotes, and the whole.
 *
 * @param text any text
 */
export function shortened(text: string): string {
  return cut(text.length > mostOfWord ? text.replace(long, (found) => cut(found, mostOfWord)) : text, mostOfLine);
}

const long = new RegExp(`"[^"]{${mostOfWord},}"|\\S{${mostOfWord + 1},}`, "g");

/** Keeps the beginning and the end, which names the file of a long path. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, half).replace(/[\ud800-\udbff]$/, "")}…${text.slice(-half).replace(/^[\udc00-\udfff]/, "")}`;
}

/** Joiners are part of words in several scripts and of emoji, so they are kept. */
const unprintable = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** As in JSON, a character beyond 16 bits is two escapes. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
