import type { Explanation } from "./explain.ts";
import { LineExplainer } from "./lineExplainer.ts";
import type { FailureContext } from "./row.ts";

/** A line of a log, and who wrote it. */
interface Line {
  /** The container that wrote it: `AllTraffic/i-0123456789abcdef0`. */
  readonly stream: string;
  /** The text of the line. */
  readonly text: string;
}

/** A line that says why something failed, and what it means. */
export interface LoggedFailure extends Line, Explanation {}

/** The surroundings of a variant's containers, by the variant's name. */
export type ContextOf = (variantName: string) => FailureContext;

/** Explains the lines of several containers, whose messages may be interleaved. */
export class LogExplainer {
  readonly #contextOf: ContextOf;
  readonly #containers = new Map<string, LineExplainer>();

  /** @param contextOf the surroundings of each variant. Default: unknown */
  constructor(contextOf: ContextOf = () => ({})) {
    this.#contextOf = contextOf;
  }

  /**
   * Explains the next line.
   *
   * @returns `undefined` if it isn't known
   */
  explain({ stream, text }: Line): Explanation | undefined {
    const container =
      this.#containers.get(stream) ?? new LineExplainer(this.#contextOf(stream.split("/")[0] ?? stream));
    this.#containers.set(stream, container);
    return container.explain(text);
  }
}

/**
 * The failures in a log, each cause once: those that say why before those that only report a failure. Harmless lines are
 * left out.
 *
 * @param lines the lines in their order
 * @param contextOf the surroundings of each variant. Default: unknown
 */
export async function loggedFailures(
  lines: AsyncIterable<Line> | Iterable<Line>,
  contextOf?: ContextOf,
): Promise<LoggedFailure[]> {
  const explainer = new LogExplainer(contextOf);
  const found = new Map<string, LoggedFailure>();
  for await (const line of lines) {
    const explanation = explainer.explain(line);
    if (!explanation || explanation.kind === "harmless" || found.has(explanation.cause)) continue;
    found.set(explanation.cause, { ...line, ...explanation });
  }
  const failures = [...found.values()];
  const specific = failures.filter(({ kind }) => kind === undefined);
  return specific.length > 0 ? specific : failures;
}
