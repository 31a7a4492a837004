import { createServer, type AddressInfo, type Socket } from "node:net";

/** A server on this machine that answers in whatever way it is told to. */
export interface HostileServer {
  /** Its address. */
  readonly url: string;
  /** How it answers the next requests. */
  answer: (socket: Socket) => void;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startHostileServer(): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.once("data", () => {
      // Whoever closes the connection may already have done so.
      socket.on("data", () => undefined);
      hostile.answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hostile: HostileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: whole("{}"),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hostile;
}

type Behaviour = HostileServer["answer"];

/**
 * A complete answer.
 *
 * @param body its body
 * @param headers its headers. Default: those of JSON
 * @param status its status line. Default: `200 OK`
 */
export function whole(body: string | Uint8Array, headers = json, status = "200 OK"): Behaviour {
  return (socket) => {
    socket.write(
      `HTTP/1.1 ${status}\r\n${headers}connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`,
    );
    socket.end(body);
  };
}

/**
 * Bytes as they are, and then the end of the connection.
 *
 * @param bytes the bytes
 */
export function raw(bytes: string | Uint8Array): Behaviour {
  return (socket) => {
    socket.end(bytes);
  };
}

/**
 * An answer without an end, as fast as it is taken.
 *
 * @param head what it begins with
 * @param piece what it goes on with
 */
export function endless(head: string, piece: string | Uint8Array): Behaviour {
  return (socket) => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", more);
    more();
  };
}

/**
 * An answer that comes a byte at a time.
 *
 * @param head what it begins with
 */
export function dripping(head: string): Behaviour {
  return (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(" "), 100);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };
}

/** The header of a JSON answer. */
export const json = "content-type: application/json\r\n";
