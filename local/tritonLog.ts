/** Triton's log so far: lines as they come, and what of them tells why it failed. */
export class TritonLog {
  readonly #onModelLine: (line: string) => void;
  readonly #lines: string[] = [];
  readonly #models = new ModelLines();
  #rest = "";

  /** @param onModelLine called with each line that a model prints or logs. Default: nobody is */
  constructor(onModelLine: (line: string) => void = () => undefined) {
    this.#onModelLine = onModelLine;
  }

  /**
   * Takes the next piece of the log.
   *
   * @param text any part of it, not necessarily whole lines; those of a terminal end with `\r\n`
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
   * Why Triton failed, in its own words: its errors without the log's prefixes, each once, and without those that only say
   * that there is no GPU or that there were errors. Where there is none, the log's last twenty lines.
   */
  get reason(): string {
    const errors = entries([...this.#lines, this.#rest]).filter(({ level }) => level === "E" || level === "error:");
    const own = errors
      .map(({ message }) => message)
      .filter((message) => !/^(creating server|CudaDriverHelper)/.test(message));
    const told = [...new Set(own)].filter(
      (message) => !own.some((other) => other !== message && other.includes(message)),
    );
    // What a model raises on purpose needs no name of a class.
    const words = told.join("\n").replaceAll("Internal: TritonModelException: ", "");
    const reason = told.length > 0 ? words : this.#lines.slice(-20).join("\n");
    return [reason, ...(told.length > 0 && this.crash !== undefined ? [this.crash] : [])].join("\n");
  }

  /** What Python said when a model's process crashed: the signal and where the process was. */
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

/** Tells what models print from what Triton logs: Triton's own entries begin with a header, some go on with a table. */
class ModelLines {
  #inTable = false;

  /** The lines that a line of the log stands for: none where it is Triton's own. */
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

/** An entry begins with its level and time; lines without belong to the entry before. */
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

/** Triton quotes its messages as JSON does, though not always. */
function unquote(message: string): string {
  try {
    return message.startsWith('"') ? (JSON.parse(message) as string).trimEnd() : message;
  } catch {
    return message.replace(/^"|"$/g, "");
  }
}
