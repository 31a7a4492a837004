import type { ServerTotals } from "../operations/load/serverShare.ts";
import { serverTimes } from "../sagemaker/serverFigures.ts";
import { serverMetricsVariable } from "../sagemaker/serverMetrics.ts";
import { wholeAnswer, type Container } from "./container.ts";

/** The path at which a server on this machine says how long requests have spent in Triton. */
const path = "/v2/server-times";

/** Adds up what the model that reads Triton's metrics prints of the whole server. */
export class ServerTimes {
  #totals: ServerTotals = { requests: 0, microseconds: {} };

  /** @param line a line of the log, of any kind */
  add(line: string): void {
    if (!isMetricLine(line)) return;
    const printed = parsed(line);
    if (printed.ModelName !== undefined) return;
    const { requests, microseconds } = this.#totals;
    const more = numberIn(printed, "Requests");
    const times = Object.keys(serverTimes).map((name) => {
      const before = microseconds[name] ?? 0;
      return [name, before + numberIn(printed, name) * more] as const;
    });
    this.#totals = { requests: requests + more, microseconds: Object.fromEntries(times) };
  }

  /** A container that also says what was added up: `GET /v2/server-times`. */
  in(container: Container): Container {
    return (request) =>
      request.method === "GET" && request.path === path
        ? Promise.resolve(wholeAnswer(200, JSON.stringify(this.#totals)))
        : container(request);
  }
}

/** Checks whether a line of the log is one of the metrics and not a model's own. */
export function isMetricLine(line: string): boolean {
  return line.startsWith('{"_aws":');
}

/**
 * The environment of a server on this machine, where a load of seconds is looked into: its metrics are printed every
 * second.
 *
 * @param environment the container's environment
 */
export function everySecond(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { [serverMetricsVariable]: options } = environment;
  if (options === undefined) return environment;
  const often = JSON.stringify({ ...parsed(options), periodInSeconds: 1 });
  return { ...environment, [serverMetricsVariable]: often };
}

function numberIn(printed: Readonly<Record<string, unknown>>, name: string): number {
  const { [name]: value } = printed;
  return typeof value === "number" ? value : 0;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
