import { createServer, connect, type AddressInfo } from "node:net";
import { once } from "node:events";

/** This machine's addresses in `no_proxy`. */
const address = "127.0.0.1";

/**
 * Keeps this process from using a proxy for this machine. gRPC and, if configured, Node.js use the proxy in
 * `https_proxy` and the like even for 127.0.0.1; Pulumi disables that for the engine, but not for the server on which
 * the engine calls a program's hooks, which would wait for itself forever.
 * Source: https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/http_proxy.ts
 *
 * @param environment the process's environment, which is modified
 */
export function bypassProxies(environment = process.env): void {
  const bypassed = environment.no_proxy ?? environment.NO_PROXY;
  const names = { no_proxy: bypassed, NO_PROXY: bypassed, no_grpc_proxy: environment.no_grpc_proxy ?? bypassed };
  for (const [name, list = ""] of Object.entries(names)) {
    const hosts = list.split(",").filter((host) => host.trim() !== "");
    if (!hosts.includes(address)) environment[name] = [...hosts, address].join(",");
  }
}

/**
 * Checks that programs on this machine can reach each other, because otherwise they would wait forever.
 *
 * @throws Error with the cause
 */
export async function requireLoopback(): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(0, address);
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, address);
    socket.setTimeout(patience, () => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    await once(socket, "connect");
    socket.destroy();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `${address} can't be reached (${code ?? message}): the loopback interface is down, or a firewall is in the way. Linux: ip link set lo up`,
      { cause: error },
    );
  } finally {
    server.close();
  }
}

/** Milliseconds; the local machine answers in less than one. */
const patience = 5000;
