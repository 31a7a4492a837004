/** Triton's log so far, and the reason for a failure that it contains. */
export class TritonLog {
  readonly #onModelLine: (line: string) => void;
  readonly #lines: string[] = [];
  readonly #models = new ModelLines();
  #rest = "";

  /** @param onModelLine called with each line that a model prints or logs. Default: none */
  constructor(onModelLine: (line: string) => void = () => undefined) {
    this.#onModelLine = onModelLine;
  }

  /**
   * Adds the next piece of the log.
   *
   * @param text any part of the log, not necessarily whole lines; those of a terminal end with `\r\n`
   */
  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const [index, line] of lines.entries()) lines[index] = line.replace(/\r$/, "");
    this.#lines.push(...lines);
    for (const line of lines.flatMap((each) => this.#models.of(each))) this.#onModelLine(line);
  }

  /** Everything so far. */
  get text(): string {
    return [...this.#lines, this.#rest].join("\n");
  }

  /**
   * Triton's own reason for a failure: its errors without the log's prefixes and without repetitions, except those that
   * only report a missing GPU or the presence of errors. Without errors, the log's last twenty lines.
   */
  get reason(): string {
    const errors = entries([...this.#lines, this.#rest]).filter(({ level }) => level === "E" || level === "error:");
    const own = errors
      .map(({ message }) => message)
      .filter((message) => !/^(creating server|CudaDriverHelper)/.test(message));
    const causes = [...new Set(own)].filter(
      (message) => !own.some((other) => other !== message && other.includes(message)),
    );
    // Omit the class name of an error that a model raises on purpose.
    const words = causes.join("\n").replaceAll("Internal: TritonModelException: ", "");
    const reason = causes.length > 0 ? words : this.#lines.slice(-20).join("\n");
    return [reason, ...(causes.length > 0 && this.crash !== undefined ? [this.crash] : [])].join("\n");
  }

  /** Python's output when a model's process crashed: the signal and the current line. */
  get crash(): string | undefined {
    const from = this.#lines.findLastIndex((line) => line.startsWith("Fatal Python error:"));
    if (from < 0) return undefined;
    const after = this.#lines.slice(from);
    const end = after.findIndex((line) => header.test(line));
    const words = (end < 0 ? after : after.slice(0, end)).filter((line) => !line.startsWith("Extension modules:"));
    return words.join("\n").trimEnd();
  }
}

const header = /^([EIWF])\d{4} \d\d:\d\d:\d\d\.\d+ \d+ (\S+)\] (.*)$/;

/** Separates the models' output from Triton's own entries, which start with a header and may continue with a table. */
class ModelLines {
  #inTable = false;

  /** The model's lines in a line of the log; none if the line is Triton's own. */
  of(line: string): string[] {
    const [, , source, message] = header.exec(line) ?? [];
    if (source !== undefined && message !== undefined) {
      this.#inTable = message === "";
      return /\.py:\d+$/.test(source) ? `${source}: ${unquote(message)}`.split("\n") : [];
    }
    if (/^(Signal \(\d+\) received\.|error: .*)$/.test(line)) return [];
    const ofTable = this.#inTable && /^([+|].*)?$/.test(line);
    this.#inTable = ofTable && line !== "";
    return ofTable ? [] : [line];
  }
}

interface Entry {
  readonly level: string;
  readonly message: string;
}

/** An entry starts with its level and time; lines without these belong to the entry before. */
function entries(lines: readonly string[]): Entry[] {
  const found: { level: string; lines: string[] }[] = [];
  for (const line of lines) {
    const [, level, , first] = header.exec(line) ?? [];
    const [, error] = /^error: (.*)$/.exec(line) ?? [];
    if (level !== undefined && first !== undefined) found.push({ level, lines: [first] });
    else if (error !== undefined) found.push({ level: "error:", lines: [error] });
    else found.at(-1)?.lines.push(line);
  }
  return found.map(({ level, lines: all }) => ({ level, message: unquote(all.join("\n").trimEnd()) }));
}

/** Triton usually quotes its messages as JSON. */
function unquote(message: string): string {
  try {
    return message.startsWith('"') ? (JSON.parse(message) as string).trimEnd() : message;
  } catch {
    return message.replace(/^"|"$/g, "");
  }
}
