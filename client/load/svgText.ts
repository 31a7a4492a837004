/**
 * A line of text.
 *
 * @param style its classes
 * @param x where it begins, in the middle or ends, as its classes say
 * @param y where its letters stand
 * @param text any text
 */
export function label(style: string, x: number, y: number, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}">${escaped(text)}</text>`;
}

/**
 * Text as lines of at most so many characters. A word that is longer breaks behind a hyphen or a slash, or anywhere.
 *
 * @param text the text
 * @param characters how many; at least eight
 */
export function wrapped(text: string, characters: number): string[] {
  const most = Math.max(8, Math.floor(characters));
  const broken = new RegExp(`[^/-]{1,${most - 1}}[/-]?|[/-]`, "g");
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const pieces = word.length > most ? (word.match(broken) ?? []) : [word];
    for (const [index, piece] of pieces.entries()) {
      const line = lines.at(-1);
      const longer = `${line ?? ""}${index === 0 ? " " : ""}${piece}`;
      if (line !== undefined && longer.length <= most) lines[lines.length - 1] = longer;
      else lines.push(piece);
    }
  }
  return lines;
}

/**
 * A coordinate, to a tenth of a pixel.
 *
 * @param value the coordinate
 */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/**
 * Text in HTML or SVG.
 *
 * @param text any text
 */
export function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
