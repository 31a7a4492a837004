/**
 * Makes text safe for a terminal: control characters, and those that change the reading direction, become escapes such
 * as `\u001b`. Whatever comes from a model, an archive, a file name or AWS goes through here before it is printed. JSON
 * stays JSON with the same content.
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

/** Joiners are part of words in several scripts and of emoji, so they are kept. */
const unprintable = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** As in JSON, a character beyond 16 bits is two escapes. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
