import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { maxBodyBytes } from "../sagemaker/invocation.ts";
import type { Container } from "./container.ts";
import { portTaken } from "./messageError.ts";
import { refusalOf } from "./requestGuard.ts";

/** A port of 127.0.0.1 that requests come in by. */
export interface FrontDoor {
  /** Its address, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends all connections. */
  readonly close: () => void;
}

/** Who may come in, and by which port. */
export interface FrontDoorOptions {
  /** The port of 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** The hosts that are answered besides this machine's own. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** Called after each request. Default: none. */
  readonly onRequest?: (done: DoneRequest) => void;
}

/** A request that was answered, or whose connection was closed. */
export interface DoneRequest {
  readonly method: string;
  /** The path as the client sent it. */
  readonly path: string;
  /** The answer's status; absent if the connection was closed before. */
  readonly status?: number;
  /** How long it took, from its first line to the end of the answer. */
  readonly milliseconds: number;
  /** The bytes of its body. */
  readonly received: number;
  /** The bytes of the answer's body. */
  readonly sent: number;
}

/**
 * Listens for requests. Whatever a web page of another site may have sent is refused with 403, and a body that
 * SageMaker wouldn't pass on with 413, as SageMaker does: every server on this machine is reached by this door.
 *
 * @throws MessageError if the port is taken
 */
export async function openFrontDoor(
  { port, allowedHosts = [], onRequest }: FrontDoorOptions,
  container: Container,
): Promise<FrontDoor> {
  // A missing Host is refused like a wrong one, and a client may keep its connection as long as it likes.
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0 });
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response);
    response.once("close", () => onRequest?.(exchange.done()));
    try {
      const refusal = refusalOf(request, allowedHosts);
      if (refusal !== undefined) {
        exchange.refuse(403, { error: refusal });
        return;
      }
      if (request.headers.expect !== undefined) response.writeContinue();
      const body = await exchange.body();
      if (body) await exchange.answer(container, body);
      else exchange.refuse(413, { message: `HTTP content length exceeded ${maxBodyBytes} bytes.` });
    } catch (error) {
      if (response.headersSent) response.destroy();
      else exchange.refuse(500, { error: (error as Error).message });
    }
  };
  for (const event of ["request", "checkContinue"] as const) {
    server.on(event, (request: IncomingMessage, response: ServerResponse) => void receive(request, response));
  }
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw portTaken(port, (error as Error).message);
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A body that is too long is read to a multiple of the limit, because most clients only look for an answer then. */
const patience = 16;

/** A request and its answer, with the bytes that went to and fro. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #began = performance.now();
  #received = 0;
  #sent = 0;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  /** The request's body; `undefined` if it is longer than SageMaker allows. */
  async body(): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#request as AsyncIterable<Buffer>) {
      this.#received += chunk.length;
      if (this.#received <= maxBodyBytes) chunks.push(chunk);
      if (this.#received > patience * maxBodyBytes) break;
    }
    return this.#received > maxBodyBytes ? undefined : Buffer.concat(chunks);
  }

  /** Passes on a container's answer as it arrives. A container that closes the connection has the client's closed too. */
  async answer(container: Container, body: Buffer): Promise<void> {
    const { method = "", url: path = "", headers } = this.#request;
    const client = new AbortController();
    this.#response.once("close", () => {
      client.abort();
    });
    const answer = await container({ method, path, headers, body, signal: client.signal });
    if (answer === undefined) {
      this.#response.destroy();
      return;
    }
    this.#response.writeHead(answer.status, answer.headers);
    this.#response.flushHeaders();
    await pipeline(answer.body, (pieces: AsyncIterable<Uint8Array>) => this.#counted(pieces), this.#response);
  }

  refuse(status: number, body: object): void {
    const text = JSON.stringify(body);
    this.#sent = Buffer.byteLength(text);
    const headers = { "content-type": "application/json", "content-length": this.#sent, connection: "close" };
    this.#response.writeHead(status, headers).end(text);
  }

  done(): DoneRequest {
    const { method = "", url = "" } = this.#request;
    const { headersSent, statusCode } = this.#response;
    return {
      ...{ method, path: url, milliseconds: performance.now() - this.#began },
      ...{ received: this.#received, sent: this.#sent },
      ...(headersSent && { status: statusCode }),
    };
  }

  async *#counted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.#sent += piece.length;
      yield piece;
    }
  }
}
