import { InferenceError } from "./inferenceError.ts";
import { firstMistake } from "./jsonMistake.ts";

/**
 * Parses JSON as Triton writes it: integers too large for a number become bigints, and `NaN` and `Infinity`, which JSON
 * doesn't have, become strings.
 *
 * @param text the JSON
 * @throws SyntaxError with line, column and reason if it isn't JSON
 * @throws InferenceError if it would take far more memory than its size
 */
export function parseJson(text: string): unknown {
  const names = scan(text);
  const revive = /\d{16}/.test(text) ? exactIntegers : undefined;
  try {
    return JSON.parse(
      replaced(text, names, (name) => `"${name}"`),
      revive,
    ) as unknown;
  } catch (error) {
    // NaN and Infinity are valid here; a replacement of the same length keeps all positions.
    const plain = replaced(text, names, (name) => "0".padEnd(name.length));
    throw located(plain, error as SyntaxError);
  }
}

/**
 * The most that a document may hold: arrays and objects within each other; arrays, objects, names of members and NaN in
 * all, each of which takes some hundred bytes; members of one object, which take ever longer; and values in all. The
 * binary form has no such limits for values.
 */
const most = { depth: 200, parts: 1_000_000, members: 10_000, values: 5_000_000 };

/** A name's first position, and the one after its last. */
type Name = readonly [begin: number, end: number];

/**
 * Finds the names NaN and Infinity outside of strings. Letter by letter, because a regular expression would exhaust its
 * stack within a long string.
 *
 * @throws InferenceError if the document holds more than it may
 */
function scan(text: string): Name[] {
  const names: Name[] = [];
  const members: number[] = [0];
  let [depth, parts, values] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        parts += 1;
        depth += 1;
        members[depth] = 0;
        if (depth > most.depth) throw tooMuch(text, at, `more than ${most.depth} arrays or objects within each other`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth = Math.max(0, depth - 1);
        break;
      case 0x3a: // :
        parts += 1;
        members[depth] = (members[depth] ?? 0) + 1;
        if (Number(members[depth]) > most.members)
          throw tooMuch(text, at, `more than ${most.members} members of one object`);
        break;
      case 0x2c: // ,
        values += 1;
        break;
      case 0x4e: // N
      case 0x49: {
        const name = ["NaN", "Infinity"].find((one) => text.startsWith(one, at));
        if (name === undefined) break;
        parts += 1;
        names.push([text[at - 1] === "-" ? at - 1 : at, at + name.length]);
        at += name.length - 1;
      }
    }
    if (parts > most.parts)
      throw tooMuch(text, at, `more than ${most.parts} arrays, objects, names of members and NaN`);
    if (values > most.values) throw tooMuch(text, at, `more than ${most.values} values: use the binary form`);
  }
  return names;
}

function endOfString(text: string, begin: number): number {
  for (let at = begin; ;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at;
  }
}

function replaced(text: string, names: readonly Name[], replacement: (name: string) => string): string {
  if (names.length === 0) return text;
  const pieces = names.map(([begin, end], index) => {
    const [, before = 0] = names[index - 1] ?? [];
    return text.slice(before, begin) + replacement(text.slice(begin, end));
  });
  return pieces.join("") + text.slice(names.at(-1)?.[1]);
}

/** The third argument, the value's source, is in every Node from 21 on; TypeScript doesn't know it yet. */
function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** V8 reports a position for some mistakes only: for a missing comma, but not for a trailing one. */
function located(text: string, error: SyntaxError): SyntaxError {
  const reason = error.message.replace(/ in JSON at position .*$|, (\.\.\.)?".*is not valid JSON$/s, "");
  return new SyntaxError(`${place(text, firstMistake(text))}: ${reason}`, { cause: error });
}

function tooMuch(text: string, position: number, what: string): InferenceError {
  return new InferenceError(`there are ${what} by ${place(text, position)}`);
}

function place(text: string, position: number): string {
  const before = text.slice(0, position);
  return `line ${before.split("\n").length}, column ${position - before.lastIndexOf("\n")}`;
}
