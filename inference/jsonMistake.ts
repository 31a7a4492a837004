/**
 * The position of the first mistake in a text that isn't JSON: where the first token begins that can't stand there, or
 * the text's end. JavaScript engines report it for some mistakes only. Without a package, so that the client needs none.
 *
 * @param text the text
 * @returns the position; the text's length if only its end is missing
 */
export function firstMistake(text: string): number {
  /** The brackets that are open. */
  const open: string[] = [];
  let next: readonly string[] = valueKinds;
  for (let at = 0; ;) {
    const { kind, begin, end, mistake } = tokenAt(text, at);
    if (!next.includes(kind)) return begin;
    if (mistake !== undefined) return mistake;
    at = end;
    if (kind === "end") return text.length;
    if (kind === "{" || kind === "[") open.push(kind);
    else if (kind === "}" || kind === "]") open.pop();
    const inside = open.at(-1);
    if (kind === "{") next = ["string", "}"];
    else if (kind === "[") next = [...valueKinds, "]"];
    else if (kind === ":") next = valueKinds;
    else if (kind === ",") next = inside === "{" ? ["string"] : valueKinds;
    else if (kind === "string" && inside === "{" && !isValue(next)) next = [":"];
    else next = inside === undefined ? ["end"] : [",", inside === "{" ? "}" : "]"];
  }
}

const valueKinds = ["{", "[", "string", "other"] as const;

function isValue(next: readonly string[]): boolean {
  return next.includes("other");
}

interface Token {
  /** A mark, `string`, `other` (a number or a word), `end`, or `wrong`. */
  readonly kind: string;
  readonly begin: number;
  readonly end: number;
  /** The position of a mistake within it. */
  readonly mistake?: number;
}

function tokenAt(text: string, from: number): Token {
  const begin = from + matched(/[ \t\r\n]*/y, text, from);
  const first = text[begin];
  if (first === undefined) return { kind: "end", begin, end: begin };
  if ("{}[],:".includes(first)) return { kind: first, begin, end: begin + 1 };
  if (first === '"') return stringAt(text, begin);
  const length = matched(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y, text, begin);
  return { kind: length > 0 ? "other" : "wrong", begin, end: begin + length };
}

/** Piece by piece: a regular expression for a whole string would exhaust its stack within a long one. */
function stringAt(text: string, begin: number): Token {
  for (let at = begin + 1; ;) {
    // eslint-disable-next-line no-control-regex -- JSON allows them only as escapes.
    at += matched(/[^"\\\u0000-\u001f]*/y, text, at);
    if (text[at] === '"') return { kind: "string", begin, end: at + 1 };
    const escape = matched(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y, text, at);
    if (escape === 0) return { kind: "string", begin, end: at, mistake: at };
    at += escape;
  }
}

/** The length of what a sticky expression matches. */
function matched(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.exec(text)?.[0].length ?? 0;
}
