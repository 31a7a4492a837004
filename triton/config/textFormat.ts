/** A value in protobuf text format: a scalar, or a message with its fields. */
export interface TextValue {
  /** Its first line, from 1. */
  readonly line: number;
  /** Its form: a quoted string, a bare word (a name, a number, a keyword), or a message in braces. */
  readonly kind: "string" | "word" | "message";
  /** The text as written, with a minus sign before it if there is one and without the quotes; empty for a message. */
  readonly text: string;
  /** The message's fields in the order written; empty for a scalar. */
  readonly fields: readonly TextField[];
}

/** One `name: value`, `name { … }` or `name: [ …, … ]`. */
export interface TextField {
  /** The name as written. */
  readonly name: string;
  /** The line of the name, from 1. */
  readonly line: number;
  /** Where the field begins in the text. */
  readonly start: number;
  /** Where it ends, with the comma or semicolon after it. */
  readonly end: number;
  /** True if the values are in brackets. */
  readonly list: boolean;
  /** True if a colon follows the name. */
  readonly colon: boolean;
  /** The values: one, unless they are in brackets. */
  readonly values: readonly TextValue[];
}

/** The text isn't in protobuf text format. */
export class TextFormatError extends Error {
  /** The line, from 1. */
  readonly line: number;

  /**
   * @param line the line, from 1
   * @param message what is wrong, as the end of a sentence
   */
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Parses the outline of a protobuf text: the fields and their lines. The values are parsed by protobufjs, which doesn't
 * keep lines.
 * Source: https://protobuf.dev/reference/protobuf/textformat-spec/
 *
 * @throws TextFormatError if a name, a value or a closing brace is missing
 */
export function outlineText(text: string): TextValue {
  const tokens = new Tokens(text);
  return { line: 1, kind: "message", text: "", fields: readFields(tokens, undefined, 0) };
}

interface Token {
  readonly kind: "string" | "word" | "sign" | "end";
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** The nesting limit of protobuf itself; ModelConfig needs nine levels. */
const deepest = 100;

const closing: Readonly<Record<string, string>> = { "{": "}", "<": ">" };

function readFields(tokens: Tokens, opening: Token | undefined, depth: number): TextField[] {
  if (depth > deepest) throw new TextFormatError(tokens.line, "messages are nested too deeply");
  const fields: TextField[] = [];
  for (;;) {
    const token = tokens.next();
    if (token.kind === "end" && !opening) return fields;
    if (opening && token.text === closing[opening.text] && token.kind === "sign") return fields;
    if (token.kind === "end") {
      throw new TextFormatError(
        token.line,
        `the "${opening?.text ?? ""}" of line ${opening?.line ?? 1} is never closed`,
      );
    }
    if (token.kind !== "word" || !/^[A-Za-z_]\w*$/.test(token.text)) {
      throw new TextFormatError(token.line, `a field's name is expected instead of ${quote(token)}`);
    }
    const field = readField(tokens, token, depth);
    if (!tokens.skip(",")) tokens.skip(";");
    fields.push({ ...field, end: tokens.end });
  }
}

function readField(tokens: Tokens, name: Token, depth: number): Omit<TextField, "end"> {
  const colon = tokens.skip(":");
  const values: TextValue[] = [];
  const list = tokens.skip("[");
  if (!list) values.push(readValue(tokens, depth));
  else if (!tokens.skip("]")) {
    do values.push(readValue(tokens, depth));
    while (tokens.skip(","));
    tokens.expect("]", name);
  }
  return { name: name.text, line: name.line, start: name.start, list, colon, values };
}

function readValue(tokens: Tokens, depth: number): TextValue {
  const first = tokens.next();
  const { line } = first;
  if (first.kind === "sign" && Object.hasOwn(closing, first.text)) {
    return { line, kind: "message", text: "", fields: readFields(tokens, first, depth + 1) };
  }
  if (first.kind === "string") {
    let { text } = first;
    while (tokens.peek().kind === "string") text += tokens.next().text;
    return { line, kind: "string", text, fields: [] };
  }
  const minus = first.kind === "sign" && first.text === "-";
  const word = minus ? tokens.next() : first;
  if (word.kind !== "word") throw new TextFormatError(word.line, `a value is expected instead of ${quote(word)}`);
  return { line, kind: "word", text: (minus ? "-" : "") + word.text, fields: [] };
}

function quote(token: Token): string {
  return token.kind === "end" ? "the text ends" : `"${token.text}"`;
}

class Tokens {
  line = 1;
  /** Where the last token that was taken ends. */
  end = 0;
  readonly #text: string;
  #position = 0;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): Token {
    return (this.#ahead ??= this.#read());
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    this.end = token.end;
    return token;
  }

  skip(sign: string): boolean {
    const token = this.peek();
    if (token.kind !== "sign" || token.text !== sign) return false;
    this.next();
    return true;
  }

  expect(sign: string, of: Token): void {
    const token = this.next();
    if (token.kind !== "sign" || token.text !== sign) {
      throw new TextFormatError(
        token.line,
        `"${sign}" or a comma is expected instead of ${quote(token)}, in "${of.text}" of line ${of.line}`,
      );
    }
  }

  #read(): Token {
    for (;;) {
      // A zero byte ends the text anywhere, even in a comment.
      const space = this.#match(/\s+|#[^\n\0]*/y);
      if (space === undefined) break;
      this.line += space.split("\n").length - 1;
    }
    const { line } = this;
    const start = this.#position;
    const token = (kind: Token["kind"], text: string) => ({ kind, text, line, start, end: this.#position });
    if (start >= this.#text.length) return token("end", "");
    const string = this.#match(/"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y);
    if (string !== undefined) return token("string", string.slice(1, -1));
    const sign = this.#match(/[{}<>:[\],;-]/y);
    if (sign !== undefined) return token("sign", sign);
    // A number's exponent may have its own sign.
    const word = this.#match(/\.?\d[\d.]*[eE][+-]\d+[fF]?|[^\s#"'{}<>:[\],;-]+/y);
    if (word !== undefined) return token("word", word);
    throw new TextFormatError(line, "a string is not closed on its line");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }
}
