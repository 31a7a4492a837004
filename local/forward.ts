import { Agent, request as send, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Answerer } from "./frontDoor.ts";

/** The place of a server: a Unix socket, or a port of 127.0.0.1. */
export type ServerAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/**
 * Passes requests on to a server, and its answers back as they arrive. A server that closes the connection without an
 * answer has the client's closed too.
 */
export function forwardTo(address: ServerAddress): Answerer {
  const agent = new Agent({ keepAlive: true });
  return async ({ method, url, headers }, body, response) => {
    const head = { ...endToEnd(headers), "content-length": body.length };
    const client = new AbortController();
    response.once("close", () => {
      client.abort();
    });
    const answer = await answerOf({ ...address, agent, method, path: url, headers: head, signal: client.signal }, body);
    if (answer === undefined) {
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    await pipeline(answer, response);
  };
}

/** The server's answer; `undefined` if there is none. */
function answerOf(options: RequestOptions, body: Buffer): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    send(options, resolve)
      .on("error", () => {
        resolve(undefined);
      })
      .end(body);
  });
}

/**
 * The headers that concern the whole way and not one connection.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const left = new Set([...named, ...ofOneConnection]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name)));
}

const ofOneConnection: readonly string[] = [
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["expect", "host"],
];
