import { explain, type Explanation } from "./explain.ts";
import type { FailureContext } from "./row.ts";

/**
 * Explains the lines of one container's log in their order. CloudWatch and Triton cut a message into pieces: at its line
 * breaks, at 256 KB, and within the cells of a table. So a line that isn't known is tried again together with those before
 * it, back to the last that starts an entry. The banner of the image tells its release.
 */
export class LineExplainer {
  #context: FailureContext;
  #pieces: string[] = [];

  /** @param context the surroundings of the container. Default: unknown */
  constructor(context: FailureContext = {}) {
    this.#context = context;
  }

  /**
   * Explains the next line.
   *
   * @returns `undefined` if neither it nor the entry to which it belongs is known
   */
  explain(line: string): Explanation | undefined {
    const release = /^NVIDIA Release (\d\d\.\d\d)/.exec(line)?.[1];
    if (release !== undefined) this.#context = { ...this.#context, release };
    if (startsEntry.test(line)) this.#pieces = [];
    const own = explain(line, this.#context);
    if (own && own.kind !== "general") {
      this.#pieces = [];
      return own;
    }
    this.#pieces = [...this.#pieces, cell(line)].slice(-MOST_PIECES);
    const whole = this.#pieces.length > 1 ? this.#whole() : undefined;
    if (!whole) return own;
    this.#pieces = [];
    return whole;
  }

  /** A failure that only the pieces together show; a cell is wrapped within words, a message between them. */
  #whole(): Explanation | undefined {
    return [" ", ""]
      .map((separator) => explain(this.#pieces.join(separator), this.#context))
      .find((found) => found && found.kind === undefined);
  }
}

/** A traceback's last lines, or a cell of a table. */
const MOST_PIECES = 12;

/** Triton's entries start with their level and time, Python's and others' with a date. */
const startsEntry = /^\W{0,2}([EIWF]\d{4} |\d{4}-\d\d-\d\d[ T]|NVIDIA Release )/;

/** The last cell of a table's row, or the line itself. */
function cell(line: string): string {
  const row = /^\s*\|(.*)\|\s*$/.exec(line)?.[1];
  return row === undefined ? line : (row.split("|").at(-1) ?? "").trim();
}
