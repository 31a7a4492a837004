import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** A request to a container, whose whole body has arrived. */
export interface ContainerRequest {
  readonly method: string;
  /** The path, with its query. */
  readonly path: string;
  /** The headers; their names are in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A container's answer. */
export interface ContainerAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** The body, as it arrives. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Answers requests as a container on SageMaker does, by `/ping` and `/invocations`; what is put in front of a container
 * is one too.
 *
 * @returns the answer; `undefined` if the connection was closed without one
 */
export type Container = (request: ContainerRequest) => Promise<ContainerAnswer | undefined>;

/** An answer whose body is there already. */
export function wholeAnswer(
  status: number,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders = {},
): ContainerAnswer {
  const bytes = Buffer.from(body);
  return {
    status,
    headers: { "content-type": "application/json", ...headers, "content-length": bytes.length },
    body: (async function* () {
      await Promise.resolve();
      yield bytes;
    })(),
  };
}
