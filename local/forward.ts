import { Agent, request as send, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import type { Container } from "./container.ts";

/** The place of a server: a Unix socket, or a port of 127.0.0.1. */
export type ServerAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Passes requests on to a server, and its answers back as they arrive. */
export function forwardTo(address: ServerAddress): Container {
  const agent = new Agent({ keepAlive: true });
  return async ({ method, path, headers, body, signal }) => {
    const head = { ...endToEnd(headers), "content-length": body.length };
    const answer = await answerOf({ ...address, agent, method, path, headers: head, signal }, body);
    return answer && { status: answer.statusCode ?? 502, headers: endToEnd(answer.headers), body: answer };
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
