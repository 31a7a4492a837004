/**
 * A line of text.
 *
 * @param style its classes
 * @param x its start, middle or end, depending on its classes
 * @param y its baseline
 * @param text any text
 */
export function label(style: string, x: number, y: number, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}">${escaped(text)}</text>`;
}

/**
 * Wraps text. A word longer than a line is broken after a hyphen or a slash or, failing that, anywhere.
 *
 * @param text the text
 * @param characters the maximum length of a line; at least eight
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
 * Escapes text for HTML or SVG.
 *
 * @param text any text
 */
export function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
