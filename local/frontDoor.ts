import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { maxBodyBytes } from "../sagemaker/invocation.ts";
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
  /**
   * Answers `GET` requests for some paths with a JSON document, in the server's place; `undefined` passes one on. Default:
   * all are passed on.
   */
  readonly describe?: (path: string) => Promise<object | undefined>;
}

/** Answers a request, whose whole body has arrived. */
export type Answerer = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

/**
 * Listens for requests. Whatever a web page of another site may have sent is refused with 403, and a body that
 * SageMaker wouldn't pass on with 413, as SageMaker does: every server on this machine is reached by this door.
 *
 * @throws MessageError if the port is taken
 */
export async function openFrontDoor(
  { port, allowedHosts = [], describe }: FrontDoorOptions,
  answer: Answerer,
): Promise<FrontDoor> {
  // A missing Host is refused like a wrong one, and a client may keep its connection as long as it likes.
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0 });
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const refusal = refusalOf(request, allowedHosts);
      if (refusal !== undefined) {
        send(response, 403, { error: refusal });
        return;
      }
      const described = request.method === "GET" ? await describe?.(request.url ?? "") : undefined;
      if (described) {
        send(response, 200, described);
        return;
      }
      if (request.headers.expect !== undefined) response.writeContinue();
      const body = await bodyOf(request);
      if (body) await answer(request, body, response);
      else send(response, 413, { message: `HTTP content length exceeded ${maxBodyBytes} bytes.` });
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: (error as Error).message });
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

/** The body; `undefined` if it is longer than SageMaker allows. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    if (size > patience * maxBodyBytes) break;
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  };
  response.writeHead(status, headers).end(text);
}
