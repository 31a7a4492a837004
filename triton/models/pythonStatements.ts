/** A Python statement: a simple one, or the head of a block such as `try:`. */
export interface PythonStatement {
  /** Its text on one line, without comments; strings are replaced by `""`, and colons in brackets by spaces. */
  readonly code: string;
  /** Its first line, from 1. */
  readonly line: number;
  /** The indentation of its line. */
  readonly indent: number;
  /** True if it follows a block's head on the same line: `try: import a`. */
  readonly inline: boolean;
}

/**
 * Splits Python code into statements, joining lines like Python's own tokenizer, including strings of every kind,
 * comments, brackets and continued lines. The result for invalid code is arbitrary.
 * Source: https://docs.python.org/3/reference/lexical_analysis.html
 *
 * @param text the code
 */
export function pythonStatements(text: string): PythonStatement[] {
  return logicalLines(text).flatMap(({ code, line, indent }) => {
    const head = headOf(code);
    const simple = code.slice(head?.length ?? 0).split(";");
    return [
      ...(head === undefined ? [] : [{ code: head, line, indent, inline: false }]),
      ...simple.flatMap((part) => {
        const statement = part.trim();
        return statement === "" ? [] : [{ code: statement, line, indent, inline: head !== undefined }];
      }),
    ];
  });
}

/** The head of a block with its colon; `undefined` for a simple statement. */
function headOf(code: string): string | undefined {
  return /^(?:(?:async\s+)?(?:def|for|with)|class|if|elif|else|while|try|except|finally|match|case)\b(?:[^:;]|:=)*:(?!=)/.exec(
    code,
  )?.[0];
}

interface LogicalLine {
  readonly code: string;
  readonly line: number;
  readonly indent: number;
}

const token = new RegExp(
  [
    `"""[^\\\\"]*(?:(?:\\\\[^]|"(?!""))[^\\\\"]*)*(?:"""|$)`,
    `'''[^\\\\']*(?:(?:\\\\[^]|'(?!''))[^\\\\']*)*(?:'''|$)`,
    // A string that isn't closed on its line ends there.
    `"[^\\\\"\\n]*(?:\\\\[^][^\\\\"\\n]*)*"?`,
    `'[^\\\\'\\n]*(?:\\\\[^][^\\\\'\\n]*)*'?`,
    "#[^\\n]*",
    "\\\\?\\n",
    "[^\"'#\\\\\\n()[\\]{}:]+",
    "[^]",
  ].join("|"),
  "g",
);

function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let pieces: string[] = [];
  let [begun, line, depth] = [0, 1, 0];
  const end = () => {
    const code = pieces.join("");
    if (begun > 0) lines.push({ code: code.trim(), line: begun, indent: indentOf(code) });
    [pieces, begun] = [[], 0];
  };
  for (const [piece] of text
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n")
    .matchAll(token)) {
    const plain = plainOf(piece, depth > 0);
    if (begun === 0 && plain.trim() !== "") begun = line;
    if (piece === "\n" && depth === 0) end();
    else pieces.push(plain);
    if (/^[([{]$/.test(piece)) depth += 1;
    if (/^[)\]}]$/.test(piece)) depth = Math.max(0, depth - 1);
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) line += 1;
  }
  end();
  return lines;
}

function plainOf(piece: string, inBrackets: boolean): string {
  if (/^["']./s.test(piece)) return '""';
  if (piece.startsWith("#")) return "";
  return /^\\?\n$/.test(piece) || (piece === ":" && inBrackets) ? " " : piece;
}

/** A tab advances to the next multiple of eight, and a form feed resets to 0. */
function indentOf(code: string): number {
  let indent = 0;
  for (const character of /^[ \t\f]*/.exec(code)?.[0] ?? "") {
    if (character === "\t") indent += 8 - (indent % 8);
    else indent = character === " " ? indent + 1 : 0;
  }
  return indent;
}
