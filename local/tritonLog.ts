/** Triton's log so far: lines as they come, and what of them tells why it failed. */
export class TritonLog {
  readonly #lines: string[] = [];
  #rest = "";

  /**
   * Takes the next piece of the log.
   *
   * @param text any part of it, not necessarily whole lines
   */
  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines);
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
    return told.length > 0 ? told.join("\n") : this.#lines.slice(-20).join("\n");
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
    const [, level, first] = /^([EIWF])\d{4} \d\d:\d\d:\d\d\.\d+ \d+ \S+\] (.*)$/.exec(line) ?? [];
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
