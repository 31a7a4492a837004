import jsonc, { type ParseError } from "jsonc-parser";

/**
 * Parses JSON as Triton writes it: integers too large for a number become bigints, and `NaN` and `Infinity`, which JSON
 * doesn't have, become strings.
 *
 * @param text the JSON
 * @throws SyntaxError with line, column and reason if it isn't JSON
 */
export function parseJson(text: string): unknown {
  const revive = /\d{16}/.test(text) ? exactIntegers : undefined;
  try {
    return JSON.parse(text, revive) as unknown;
  } catch (error) {
    const quoted = text.replace(stringOrNonFinite, (token) => (token.startsWith('"') ? token : `"${token}"`));
    if (quoted === text) throw located(text, error as SyntaxError);
    try {
      return JSON.parse(quoted, revive) as unknown;
    } catch (error) {
      throw located(text, error as SyntaxError);
    }
  }
}

const stringOrNonFinite = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g;

/** The third argument, the value's source, is in every Node from 21 on; TypeScript doesn't know it yet. */
function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** V8 reports a position for some mistakes only: for a missing comma, but not for a trailing one. */
function located(text: string, error: SyntaxError): SyntaxError {
  // NaN and Infinity are valid here; a replacement of the same length keeps all positions.
  const plain = text.replace(stringOrNonFinite, (token) => (token.startsWith('"') ? token : "0".padEnd(token.length)));
  const errors: ParseError[] = [];
  jsonc.parse(plain, errors, { disallowComments: true, allowTrailingComma: false });
  const before = text.slice(0, errors[0]?.offset).split("\n");
  const reason = error.message.replace(/ in JSON at position .*$|, (\.\.\.)?".*is not valid JSON$/s, "");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new SyntaxError(`${place}: ${reason}`, { cause: error });
}
